import type { Position, RecordHeader, ReplyAddress } from '@heliograph/schemas/avro'
import type { AnyRow, Mutation, RowKey, RowOf, RowRef, TableDeclaration } from '@heliograph/storage'
import type { TopicName } from '@heliograph/topics'

/** The rows that a decision sees: what storage holds, with the events decided since laid over it. */
export interface Rows {
  get<T extends TableDeclaration>(table: T, key: RowKey): RowOf<T> | undefined
}

/** The instant and place of the record being handled; the only clock and the only source of unique numbers. */
export interface At {
  /** Unix seconds of the record's timestamp. */
  readonly date: number
  readonly partition: number
  readonly partitions: number
  readonly offset: number
}

export interface TypedRecord {
  readonly type: string
}

/** A record for another topic; the runtime adds the header (its cause is the event's position). */
export interface Consequence {
  readonly kind: 'record'
  readonly topic: TopicName
  readonly key: string
  readonly record: TypedRecord
  /** Hands the caller's address on: whoever folds this record answers. */
  readonly reply: ReplyAddress | null
}
/** A bus message, sent once everything that it tells of is durable. Lost in a crash, unless it is `lasting`. */
export interface Publication {
  readonly kind: 'publication'
  readonly channel: string
  readonly record: TypedRecord
  /**
   * Who did not hear it goes on acting on what is not so any more, and hears nothing that would correct it: that somebody is in a chat,
   * say. The next owner sends it again. Hearing it twice, or late, must do no harm.
   */
  readonly lasting?: true
}
/** The answer to the caller, sent once everything is durable. */
export interface Answer {
  readonly kind: 'answer'
  readonly to: ReplyAddress
  readonly record: TypedRecord
}
export type Reaction = Consequence | Publication | Answer

export interface Rejection {
  readonly code: number
  readonly message: string
}
/** `events` may be empty: nothing to do, the caller gets a bare yes. */
export type Decision<E> = { readonly events: readonly E[] } | { readonly rejected: Rejection }

/**
 * Turns commands into facts. All functions are pure, synchronous and deterministic: no clock, randomness, I/O or logging.
 */
export interface Decider<C extends TypedRecord, E extends TypedRecord> {
  readonly group: string
  readonly commands: TopicName
  readonly events: TopicName
  /** Actor that a command belongs to: the record's key. */
  needs(command: C): readonly RowRef[]
  decide(rows: Rows, command: C, at: At): Decision<E>
  project(event: E): readonly Mutation[]
  /** `header.reply` of the command travels in the event's header. `at` is the place of the event. */
  react(event: E, header: RecordHeader, at: At): readonly Reaction[]
}

/** What one folded record changes. `rows` are written before `counter`. */
export interface Folded {
  readonly rows: readonly Mutation[]
  readonly counter: AnyRow
  readonly reactions: readonly (Publication | Answer)[]
}

/**
 * Counts a topic of record into tables. The counter row names the offset that it includes in its column `offset`, so a
 * record at or below it has been counted already.
 */
export interface Fold<R extends TypedRecord> {
  readonly group: string
  readonly topic: TopicName
  readonly counterTable: TableDeclaration
  /**
   * True where counting a record again gives the same rows, whichever of the later rows a crash has left behind. The loop
   * then keeps no copy of what a batch overwrites, and saves where it stands only now and then.
   */
  readonly recountable?: boolean
  counterKey(record: R): RowKey
  needs(record: R): readonly RowRef[]
  fold(rows: Rows, record: R, header: RecordHeader, at: At): Folded
}

export type { Position }
