import { PartitionCursor } from '../cursor.ts'
import { Groups } from '../groups.ts'
import type { Cursor, GroupHandler, Log, LogRecord, Membership, Offset } from '../log.ts'
import type { TopicDefinition, TopicName } from '../topic.ts'
import type { LogSpace, LogStore } from './log-store.ts'
import type { LmdbPartition } from './partition.ts'
import { TopicCatalogue } from './topic-catalogue.ts'

const TRIM_INTERVAL_MS = 60_000
/** Batches that one pass drops from one partition. */
const TRIMMED_BATCHES = 500
const DAY_MS = 24 * 3600 * 1000

/**
 * The log in a store shared with the tables. An append resolves as soon as its place is fixed, and is seen at once;
 * `barrier` tells when it is durable. `now` gives milliseconds since 1970.
 */
export class LmdbLog implements Log {
  readonly #store: LogStore
  readonly #commits: LogSpace
  readonly #topics: TopicCatalogue
  readonly #groups: Groups
  readonly #cursors = new Set<Cursor>()
  readonly #now: () => number
  readonly #trimmer: NodeJS.Timeout

  constructor(store: LogStore, now: () => number = Date.now) {
    this.#store = store
    this.#commits = store.space('commits')
    this.#topics = new TopicCatalogue(store.space('topics'), store.space('log'))
    this.#groups = new Groups((topic) => this.partitions(topic))
    this.#now = now
    this.#trimmer = setInterval(() => this.trim(), TRIM_INTERVAL_MS).unref()
  }

  async createTopics(definitions: readonly TopicDefinition[]): Promise<void> {
    for (const definition of definitions) this.#topics.create(definition)
  }

  partitions(topic: TopicName): number {
    return this.#topics.of(topic).partitions.length
  }

  async append(
    topic: TopicName,
    partition: number,
    records: readonly LogRecord[],
    expected?: Offset,
  ): Promise<Offset> {
    const first = this.#partition(topic, partition).append(records, expected)
    const room = this.#store.room()
    if (room !== undefined) await room
    return first
  }

  async end(topic: TopicName, partition: number): Promise<Offset> {
    return this.#partition(topic, partition).end
  }

  async start(topic: TopicName, partition: number): Promise<Offset> {
    return this.#partition(topic, partition).start
  }

  open(topic: TopicName, partition: number, from: Offset): Cursor {
    return new PartitionCursor(this.#partition(topic, partition), from, this.#cursors)
  }

  async join(group: string, topics: readonly TopicName[], handler: GroupHandler): Promise<Membership> {
    const leave = await this.#groups.join(group, topics, handler)
    return { commit: (topic, partition, next) => this.#commit(group, topic, partition, next), leave }
  }

  async committed(group: string, topic: TopicName, partition: number): Promise<Offset | undefined> {
    const kept = this.#commits.copy(commitKey(group, topic, partition))
    return kept?.readDoubleBE(0) as Offset | undefined
  }

  barrier(): Promise<void> {
    return this.#store.barrier()
  }

  appended(): Promise<void> {
    return this.#store.appended()
  }

  /** Closes the cursors. The store is closed by whoever opened it. */
  async close(): Promise<void> {
    clearInterval(this.#trimmer)
    for (const cursor of this.#cursors) cursor.close()
  }

  /** Drops some of what is older than its topic's retention. */
  trim(): void {
    for (const { retention, partitions } of this.#topics.all()) {
      if (retention === 'forever') continue
      const beforeMs = this.#now() - retention.days * DAY_MS
      for (const partition of partitions) partition.trim(beforeMs, TRIMMED_BATCHES)
    }
  }

  /** Durable with the next barrier. */
  async #commit(group: string, topic: TopicName, partition: number, next: Offset): Promise<void> {
    const value = Buffer.allocUnsafe(8)
    value.writeDoubleBE(next)
    this.#commits.put(commitKey(group, topic, partition), value)
  }

  #partition(topic: TopicName, partition: number): LmdbPartition {
    const found = this.#topics.of(topic).partitions[partition]
    if (found === undefined) throw new Error(`${topic} has no partition ${partition}`)
    return found
  }
}

function commitKey(group: string, topic: TopicName, partition: number): string {
  return `${group}/${topic}/${partition}`
}
