import type { Log, TopicName } from '@heliograph/topics'
import { type OpenedRecord, openRecords } from './opened-record.ts'
import { readRange } from './partition-reader.ts'
import { type Codec, DEFAULT_LIMITS } from './ports.ts'

/** Nobody waits for a replay: larger batches than a live owner's make fewer, larger writes. */
const REPLAY_LIMITS = { ...DEFAULT_LIMITS, maxBatchRecords: 1024, maxBatchBytes: 4 * 1024 * 1024 }
/** A replay saves its place after so many records: so many are replayed again where it was cut off. */
export const SAVE_EVERY_RECORDS = 16_384

/** The records of [from, to) with the offset behind each batch. */
export async function* openedBatches(
  { log, codec }: { readonly log: Log; readonly codec: Codec },
  topic: TopicName,
  partition: number,
  from: number,
  to: number,
): AsyncGenerator<{ readonly records: readonly OpenedRecord[]; readonly end: number }> {
  for await (const stored of readRange(log, topic, partition, from, to, REPLAY_LIMITS)) {
    const records = await openRecords(codec, stored)
    yield { records, end: (records[records.length - 1] as OpenedRecord).stored.offset + 1 }
  }
}
