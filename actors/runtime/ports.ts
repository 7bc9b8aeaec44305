import type { RecordHeader } from '@heliograph/schemas/avro'
import type { Bus, Tables } from '@heliograph/storage'
import type { Log, TopicName, Tracer } from '@heliograph/topics'
import type { TypedRecord } from './decider.ts'
import type { ActorsObserver } from './observer.ts'

/** What the runtime needs of a codec; `RecordCodec` is the real one. */
export interface Codec {
  encode(header: RecordHeader, record: TypedRecord): Buffer
  /** Throws for bytes that are no record, `UnknownSchema` where `prepare` may help. */
  decode(value: Buffer): { readonly header: RecordHeader; readonly record: TypedRecord }
  encodeBare(record: TypedRecord): Buffer
  prepare?(id: number): Promise<boolean>
}

/** The world that the partition loops act on. */
export interface Ports {
  readonly log: Log
  readonly tables: Tables
  readonly bus: Bus
  readonly codec: Codec
  /** Milliseconds since 1970; stamps what no record stamps (announcements, dead letters). */
  readonly now: () => number
  /** Name of this process, for announcements and claims; no two processes that live at once may have the same. */
  readonly owner: string
  /** Waits before a partition is tried again and for a hand-over; the system's timer if absent. */
  readonly sleep?: (ms: number) => Promise<void>
  /** A number from 0 to below 1, for the jitter of waits; `Math.random` if absent. */
  readonly random?: () => number
  readonly observer?: ActorsObserver
  /** Follows calls that are traced. */
  readonly tracer?: Tracer | undefined
}

export interface LoopLimits {
  readonly maxBatchRecords: number
  readonly maxBatchBytes: number
  /**
   * Batches of a partition that wait for the stores; one more waits for the first of them, and nothing is read meanwhile. So
   * a partition holds at most this many batches of `maxBatchRecords` and `maxBatchBytes`, and what its cursor reads ahead.
   */
  readonly maxInFlight: number
  /** Rows that a group keeps in memory in this process, in equal shares for each partition of its topic. */
  readonly maxCachedRows: number
  /** A decider saves its checkpoint after this many commands: so many are read again after a crash. */
  readonly checkpointEveryRecords: number
  /** Group offsets (which only tell the lag; checkpoints are what counts) are committed at most this often. */
  readonly commitEveryMs: number
}

export const DEFAULT_LIMITS: LoopLimits = {
  maxBatchRecords: 128,
  maxBatchBytes: 1024 * 1024,
  maxInFlight: 4,
  maxCachedRows: 20_000,
  checkpointEveryRecords: 256,
  commitEveryMs: 1_000,
}

/** A partition that a loop owns, and the group it owns it for. */
export interface Assignment {
  readonly group: string
  readonly topic: TopicName
  readonly partition: number
}
