import type { Tables } from '@heliograph/storage'
import type { TopicName } from '@heliograph/topics'
import { loadState, readDeciderState } from './checkpoint.ts'
import type { AnyDecider } from './decider-batch.ts'
import type { AnyFold } from './fold-batch.ts'
import { readFoldState } from './fold-state.ts'

/** Where a group goes on in one partition after a restart, as its checkpoint says; it may be further by now. */
export interface SavedPosition {
  readonly group: string
  readonly topic: TopicName
  readonly partition: number
  /** Undefined where the group has saved nothing. */
  readonly next: number | undefined
}

/** Places of a decider: in its commands, and in its events up to which rows and consequences are there. */
export async function deciderPositions(
  tables: Tables,
  { group, commands, events }: AnyDecider,
  partition: number,
): Promise<SavedPosition[]> {
  const saved = await loadState(tables, { group, topic: commands, partition })
  const state = saved && readDeciderState(saved)
  return [
    { group, topic: commands, partition, next: state?.nextCommand },
    { group, topic: events, partition, next: state?.nextEvent },
  ]
}

/** The place of a fold in its topic. */
export async function foldPosition(
  tables: Tables,
  { group, topic }: AnyFold,
  partition: number,
): Promise<SavedPosition> {
  const saved = await loadState(tables, { group, topic, partition })
  return { group, topic, partition, next: saved && readFoldState(saved).next }
}
