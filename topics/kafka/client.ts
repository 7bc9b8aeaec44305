import type { LogRecord, Offset, StoredRecord } from '../log.ts'

/** A partition of a topic by the topic's name on the broker. */
export interface Place {
  readonly topic: string
  readonly partition: number
}
export interface NewTopic {
  readonly topic: string
  readonly partitions: number
  readonly replicas: number
  readonly settings: Readonly<Record<string, string>>
}
/** A topic as it is on the brokers. */
export interface TopicShape {
  readonly partitions: number
  /** Brokers that have a copy, of the partition of which the fewest have. */
  readonly copies: number
}
/** Who reads a partition. Records come in order, each once. */
export interface RecordSink {
  /** False where nothing more should come until `resume`. */
  receive(records: readonly StoredRecord[]): boolean
  /** A failure that waiting does not mend. */
  fail(error: Error): void
}
export interface Reading {
  resume(): void
  close(): void
}
/** What a member of a group is told. */
export interface GroupListener {
  assigned(place: Place): void
  /** The place is given up when this resolves, or after a while. */
  revoked(place: Place): Promise<void>
}
export interface GroupMembership {
  commit(place: Place, next: Offset): Promise<void>
  leave(): Promise<void>
}

/**
 * A Kafka client as the log needs it. Names are those on the broker. Whatever the broker cannot do for now rejects with
 * `LogUnavailable`, after a while; readings and memberships go on by themselves when it is back.
 */
export interface KafkaClient {
  /** Those of the topics that exist. */
  describe(topics: readonly string[]): Promise<Map<string, TopicShape>>
  /** Names of all topics that start with a prefix. */
  list(prefix: string): Promise<string[]>
  /** How many brokers there are. */
  brokers(): Promise<number>
  /** Creates what does not exist; somebody else may create it at the same time. */
  create(topics: readonly NewTopic[]): Promise<void>
  remove(topics: readonly string[]): Promise<void>
  /** First offset retained, or the one behind the last. */
  offset(place: Place, which: 'start' | 'end'): Promise<Offset>
  /**
   * Appends one batch and resolves to its first offset. One call at a time for each partition. Repeats by itself where the
   * broker is sure to drop what it already has; rejects with `LogUnavailable` where it may or may not be there.
   */
  produce(place: Place, records: readonly LogRecord[]): Promise<Offset>
  read(place: Place, from: Offset, sink: RecordSink): Reading
  join(group: string, topics: readonly string[], listener: GroupListener): Promise<GroupMembership>
  committed(group: string, place: Place): Promise<Offset | undefined>
  close(): Promise<void>
  /** Closes all connections at once, as the end of the process does: groups are not left, answers are not awaited. */
  abandon(): void
}
