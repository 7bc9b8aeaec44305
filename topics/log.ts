import type { TopicDefinition, TopicName } from './topic.ts'

/** Position in a partition, from 0. Brokers may leave gaps between records, for marks of their own. */
export type Offset = number & { readonly brand: 'Offset' }

export interface LogRecord {
  readonly key: string
  /** Confluent wire format: 0, schema id (4 bytes big endian), Avro. */
  readonly value: Buffer
  /** Milliseconds since 1970, stamped by who appends. */
  readonly timestampMs: number
  /** The `traceparent` in the record's header, for whoever watches appends; stores do not keep it. */
  readonly trace?: string | undefined
}
export interface StoredRecord extends LogRecord {
  readonly offset: Offset
}

export interface ReadLimits {
  readonly maxRecords: number
  readonly maxBytes: number
}

/** Reads one partition forward. What retention has removed is passed by: it goes on at the first record that is left. */
export interface Cursor {
  /** At least one record as soon as there is one, at most the limits (one record may exceed `maxBytes`); rejects with `CursorClosed`. */
  next(limits: ReadLimits): Promise<readonly StoredRecord[]>
  /** Offset of the record that `next` gives next. */
  readonly position: Offset
  close(): void
}

/**
 * A member of a consumer group. Each partition has one owner within a group; a member that the broker has not heard of for a
 * session has everything revoked, and joins again by itself.
 */
export interface Membership {
  /** Marks everything below `next` as handled. */
  commit(topic: TopicName, partition: number, next: Offset): Promise<void>
  /** Leaves; the partitions are revoked first. */
  leave(): Promise<void>
}
export interface GroupHandler {
  assigned(topic: TopicName, partition: number): void
  /**
   * Resolves when this member has stopped acting on the partition. It is given to another member then, or after a limit that
   * the implementation names; whoever is late is fenced by the next owner's announcement.
   */
  revoked(topic: TopicName, partition: number): Promise<void>
}

/**
 * Expected failure of `append`: another writer has written since. Nothing was appended, except on brokers that cannot check
 * offsets: there the records may stand in the log behind the other writer's, where their epoch tells readers to pass them by.
 */
export class OffsetMismatch extends Error {}
/** Expected failure of `createTopics`: the topic exists with another partition count. */
export class TopicMismatch extends Error {}
export class CursorClosed extends Error {}
/**
 * Expected failure of any call: the broker could not be reached, did not answer in time or refused for now. What was asked
 * for may or may not have been done; it may still be done later. Whoever relied on it looks at the log again.
 */
export class LogUnavailable extends Error {}

/**
 * Ordered, durable partitions. An implementation may acknowledge an append once its place is fixed (so that what follows
 * can be prepared) and make it durable a little later, as long as everything appended or stored before an instant is
 * durable when a `barrier` of that instant resolves, and a crash loses only a suffix of what was done.
 */
export interface Log {
  /** Idempotent. */
  createTopics(definitions: readonly TopicDefinition[]): Promise<void>
  partitions(topic: TopicName): number
  /**
   * Appends in order, all or nothing, and resolves to the offset of the first. With `expected`, rejects with
   * `OffsetMismatch` unless that is the offset the first record gets (best effort on brokers that cannot check: they tell
   * after the fact by the offset returned).
   */
  append(
    topic: TopicName,
    partition: number,
    records: readonly LogRecord[],
    expected?: Offset,
  ): Promise<Offset>
  /** Offset that the next append gets. */
  end(topic: TopicName, partition: number): Promise<Offset>
  /** First offset still retained. */
  start(topic: TopicName, partition: number): Promise<Offset>
  open(topic: TopicName, partition: number, from: Offset): Cursor
  /** Resolves when this member is in the group; on brokers, what it is assigned may come a little later. */
  join(group: string, topics: readonly TopicName[], handler: GroupHandler): Promise<Membership>
  /** Next offset of a group as last committed, or undefined. */
  committed(group: string, topic: TopicName, partition: number): Promise<Offset | undefined>
  /**
   * Resolves when all that was appended (and stored, where log and tables share a store) before the call survives a crash: what
   * had its place by then, or was read. It says nothing of appends that have not resolved.
   */
  barrier(): Promise<void>
  /**
   * As `barrier`, but for records alone: what was appended before the call survives a crash, while rows stored since
   * may be lost with it (they follow from the records). Begins at once, so that the disk works while rows are prepared.
   */
  appended(): Promise<void>
  close(): Promise<void>
}

/** Partition of a key: the same function for every producer (murmur2 of UTF-8 bytes, as Kafka's default partitioner). */
export type Partitioner = (key: string, partitions: number) => number
