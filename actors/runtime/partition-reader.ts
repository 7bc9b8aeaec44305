import type { Log, Offset, StoredRecord, TopicName } from '@heliograph/topics'
import type { LoopLimits } from './ports.ts'

/** The records of a partition from `from` (or the first retained) to before `to`, which exist already, in batches. */
export async function* readRange(
  log: Log,
  topic: TopicName,
  partition: number,
  from: number,
  to: number,
  limits: LoopLimits,
): AsyncGenerator<readonly StoredRecord[]> {
  if (from >= to) return
  let next = Math.max(from, await log.start(topic, partition))
  const cursor = log.open(topic, partition, next as Offset)
  const { maxBatchRecords: maxRecords, maxBatchBytes: maxBytes } = limits
  try {
    while (next < to) {
      const records = await cursor.next({ maxRecords: Math.min(maxRecords, to - next), maxBytes })
      next = cursor.position
      yield records
    }
  } finally {
    cursor.close()
  }
}
