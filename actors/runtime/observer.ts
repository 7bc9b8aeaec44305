import type { TopicName } from '@heliograph/topics'

/** A partition of a topic, as a group has it. */
export interface ObservedPlace {
  readonly group: string
  readonly topic: TopicName
  readonly partition: number
}

/** Milliseconds that each stage of a batch took; a stage that a batch did not have takes 0. */
export interface BatchStages {
  /** Decoding, and reading rows. */
  readonly load: number
  /** Deciding or folding, without any waiting. */
  readonly decide: number
  /** Until the events had their place in the log; folds append nothing. */
  readonly append: number
  /** Until rows and consequences were stored. Other batches go on meanwhile. */
  readonly rows: number
}

/** A batch that is stored. */
export interface ObservedBatch extends ObservedPlace {
  readonly records: number
  /** Of the records' values. */
  readonly bytes: number
  /** Timestamp of the first record, milliseconds since 1970. */
  readonly oldestTimestampMs: number
  readonly stages: BatchStages
}

/** An attempt to own a partition that failed, and what follows. */
export interface ObservedFailure extends ObservedPlace {
  readonly error: Error
  /** Until the next attempt. */
  readonly waitMs: number
}

/** Told what the partition loops do, for metrics and logs. Must return quickly and never throw. */
export interface ActorsObserver {
  batch?(batch: ObservedBatch): void
  /** An actor has been parked by the record at `offset`. */
  parked?(
    parked: ObservedPlace & { readonly key: string; readonly offset: number; readonly reason: string },
  ): void
  /** A parked actor goes on. */
  released?(released: ObservedPlace & { readonly key: string }): void
  /** A store failed under an owner, which will try again: once for a row of failures. */
  interrupted?(failure: ObservedFailure): void
  /** The partition is served again after `attempts` attempts. */
  reopened?(reopened: ObservedPlace & { readonly attempts: number; readonly error: Error }): void
  /** Another process has taken the partition over, or has written into it. */
  superseded?(failure: ObservedFailure): void
  assigned?(place: ObservedPlace): void
  revoked?(place: ObservedPlace): void
}
