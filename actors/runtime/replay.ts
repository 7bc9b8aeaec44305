import type { Tables } from '@heliograph/storage'
import type { Log, Offset, TopicName } from '@heliograph/topics'
import type { AnyDecider } from './decider-batch.ts'
import type { AnyFold } from './fold-batch.ts'
import type { Codec } from './ports.ts'
import { EventsReplay } from './replay-events.ts'
import { FoldReplay } from './replay-fold.ts'

export interface ReplayOptions {
  readonly log: Log
  readonly codec: Codec
  /** Tables to fill; empty at first, or as an earlier replay left them. */
  readonly tables: Tables
  readonly deciders: readonly AnyDecider[]
  readonly folds: readonly AnyFold[]
  /** Keys (chats, users, …) whose rows are wanted; all if absent. */
  readonly wants?: (key: string) => boolean
}

/** The replay of one partition of a topic of record. */
export interface ReplayPart {
  readonly topic: TopicName
  readonly partition: number
  /** Everything before it is in the tables. */
  readonly position: number
  /**
   * Replays up to `to`, which must exist, and saves the place in the tables that it fills, so that a later replay of the
   * same part goes on there.
   */
  advance(to: Offset): Promise<void>
}

/**
 * Rebuilds the tables of deciders and folds from the topics of record alone: by `project` and the folds, never by `decide`,
 * and without a single answer, publication or further record. One part for each partition; parts do not depend on
 * each other. Rows get the write times that they have in the live tables, or later ones of the same batch.
 */
export function replayParts(options: ReplayOptions): Promise<ReplayPart[]> {
  const { log } = options
  const partitionsOf = (topic: TopicName) => Array.from({ length: log.partitions(topic) }, (_, i) => i)
  return Promise.all([
    ...options.deciders.flatMap((decider) =>
      partitionsOf(decider.events).map((partition) => EventsReplay.resume(options, decider, partition)),
    ),
    ...options.folds.flatMap((fold) =>
      partitionsOf(fold.topic).map((partition) => FoldReplay.resume(options, fold, partition)),
    ),
  ])
}

/** Replays all there is now, one part after the other. */
export async function replay(options: ReplayOptions): Promise<void> {
  for (const part of await replayParts(options)) {
    await part.advance(await options.log.end(part.topic, part.partition))
  }
}
