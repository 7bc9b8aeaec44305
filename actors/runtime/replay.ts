import type { Tables } from '@heliograph/storage'
import type { Log, TopicName } from '@heliograph/topics'
import type { AnyDecider } from './decider-batch.ts'
import { Epochs } from './epochs.ts'
import { type AnyFold, FoldBatch, foldNeeds } from './fold-batch.ts'
import { type OpenedRecord, openRecords } from './opened-record.ts'
import { Parking, reasonOf } from './parking.ts'
import { readRange } from './partition-reader.ts'
import { type Codec, DEFAULT_LIMITS } from './ports.ts'
import { RowCache } from './row-cache.ts'
import { RowView } from './row-view.ts'
import { Watermarks } from './watermarks.ts'

export interface ReplayOptions {
  readonly log: Log
  readonly codec: Codec
  /** Tables to fill; empty at first. */
  readonly tables: Tables
  readonly deciders: readonly AnyDecider[]
  readonly folds: readonly AnyFold[]
}

/**
 * Rebuilds the tables of deciders and folds from the topics of record alone: by `project` and the folds, never by `decide`,
 * and without a single answer, publication or further record.
 */
export async function replay(options: ReplayOptions): Promise<void> {
  for (const decider of options.deciders) {
    for (let p = 0; p < options.log.partitions(decider.events); p++) await replayEvents(options, decider, p)
  }
  for (const fold of options.folds) {
    for (let p = 0; p < options.log.partitions(fold.topic); p++) await replayFold(options, fold, p)
  }
}

async function replayEvents(options: ReplayOptions, decider: AnyDecider, partition: number): Promise<void> {
  const epochs = new Epochs()
  for await (const { records, end } of opened(options, decider.events, partition)) {
    const view = new RowView(new RowCache(1))
    for (const { header, record } of records) {
      if (header === undefined || record === undefined || !epochs.accept(header, record)) continue
      for (const mutation of projected(decider, record)) view.write(mutation)
    }
    await options.tables.apply(view.written(), end)
  }
}

/** What a live owner could not project it has set aside. */
function projected(decider: AnyDecider, event: Parameters<AnyDecider['project']>[0]) {
  try {
    return decider.project(event)
  } catch {
    return []
  }
}

async function replayFold(options: ReplayOptions, fold: AnyFold, partition: number): Promise<void> {
  const { codec, log, tables } = options
  const place = { partition, partitions: log.partitions(fold.topic) }
  const to = { epochs: new Epochs(), watermarks: new Watermarks(), deadLetters: setAside(fold, partition) }
  const cache = new RowCache(DEFAULT_LIMITS.maxCachedRows)
  for await (const { records, end } of opened(options, fold.topic, partition)) {
    const { needs, ready } = foldNeeds(fold, records)
    const view = new RowView(cache)
    await view.load(tables, needs)
    const batch = new FoldBatch(fold, codec, place, { ...to, view })
    for (const record of ready) batch.take(record)
    const { rows, counters } = batch.written()
    await tables.apply([...rows, ...counters], end)
  }
}

/** Parks as the live fold did, without keeping the letters: they are in their topic. */
function setAside(
  { group, topic }: AnyFold,
  partition: number,
): ConstructorParameters<typeof FoldBatch>[3]['deadLetters'] {
  const parking = new Parking({ group, topic, partition })
  return {
    takesLater: ({ key, offset }) => parking.holds(key, offset),
    park: ({ key, offset }, error) => void parking.park(key, offset, reasonOf(error)),
  }
}

async function* opened(
  { log, codec }: ReplayOptions,
  topic: TopicName,
  partition: number,
): AsyncGenerator<{ readonly records: readonly OpenedRecord[]; readonly end: number }> {
  const to = await log.end(topic, partition)
  for await (const stored of readRange(log, topic, partition, 0, to, DEFAULT_LIMITS)) {
    const records = await openRecords(codec, stored)
    yield { records, end: (records[records.length - 1] as OpenedRecord).stored.offset + 1 }
  }
}
