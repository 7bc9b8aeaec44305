import {
  type Cursor,
  type GroupHandler,
  type Log,
  type LogRecord,
  LogUnavailable,
  type Membership,
  type Offset,
  OffsetMismatch,
  TopicMismatch,
} from '../log.ts'
import { type TopicDefinition, type TopicName, topicDefinitions } from '../topic.ts'
import type { GroupListener, KafkaClient, Place, TopicShape } from './client.ts'
import { KafkaCursor } from './cursor.ts'
import { MAX_UNACKNOWLEDGED_BYTES, OPERATION_TIMEOUT_MS } from './limits.ts'
import { type KafkaOptions, type KafkaSettings, withDefaults } from './options.ts'
import { appendBytes, PartitionAppender } from './partition-appender.ts'
import { PlatformaticClient } from './platformatic/client.ts'
import { persist } from './retry.ts'
import { defaultCopies, fewCopies, newTopic } from './topic-settings.ts'

/**
 * Partitions on Kafka brokers (4.0 or later). An append is acknowledged by all replicas in sync before it resolves, and
 * nobody reads it before that, so that a barrier has nothing to wait for. (Waiting for appends under way would tie partitions
 * to each other: one that fails would fail all.)
 */
export class KafkaLog implements Log {
  readonly #client: KafkaClient
  readonly #options: KafkaOptions
  /** Appenders of the partitions of each topic that is known of. */
  readonly #topics = new Map<TopicName, readonly PartitionAppender[]>()
  readonly #cursors = new Set<KafkaCursor>()
  #unacknowledgedBytes = 0

  private constructor(client: KafkaClient, options: KafkaOptions) {
    this.#client = client
    this.#options = options
  }

  /** Rejects with `LogUnavailable` where no broker can be reached. */
  static async connect(settings: KafkaSettings): Promise<KafkaLog> {
    const options = withDefaults(settings)
    const client = await clientOf(options)
    try {
      await client.brokers()
    } catch (error) {
      client.abandon()
      throw error
    }
    const log = new KafkaLog(client, options)
    await log.#discover()
    return log
  }

  async createTopics(definitions: readonly TopicDefinition[]): Promise<void> {
    const names = definitions.map(({ name }) => this.#onBroker(name))
    const found = await this.#client.describe(names)
    const missing = definitions.filter(({ name }) => !found.has(this.#onBroker(name)))
    const { replicas, brokers: named, warn } = this.#options
    const copies = replicas ?? defaultCopies(await this.#client.brokers(), named)
    if (missing.length > 0)
      await this.#client.create(missing.map((topic) => newTopic(this.#onBroker(topic.name), topic, copies)))
    // The brokers tell each other of a new topic a little later.
    await persist(OPERATION_TIMEOUT_MS, async () => {
      const all = missing.length === 0 ? found : await this.#client.describe(names)
      for (const { name, partitions } of definitions) this.#know(name, partitions, all)
    })
    const objection = fewCopies(found, copies)
    if (objection !== undefined) warn(objection)
  }

  partitions(topic: TopicName): number {
    return this.#appenders(topic).length
  }

  append(
    topic: TopicName,
    partition: number,
    records: readonly LogRecord[],
    expected?: Offset,
  ): Promise<Offset> {
    const appender = this.#appender(topic, partition)
    if (records.length === 0) return appender.end()
    const bytes = appendBytes(records)
    if (this.#unacknowledgedBytes + bytes > MAX_UNACKNOWLEDGED_BYTES) {
      return Promise.reject(new LogUnavailable(`${topic}/${partition}: too much waits to be appended`))
    }
    this.#unacknowledgedBytes += bytes
    return appender.append(records, bytes, expected)
  }

  async end(topic: TopicName, partition: number): Promise<Offset> {
    return this.#appender(topic, partition).end()
  }

  async start(topic: TopicName, partition: number): Promise<Offset> {
    return this.#client.offset(this.#place(topic, partition), 'start')
  }

  open(topic: TopicName, partition: number, from: Offset): Cursor {
    const place = this.#place(topic, partition)
    const cursor = new KafkaCursor(this.#client, place, from, (closed) => this.#cursors.delete(closed))
    this.#cursors.add(cursor)
    return cursor
  }

  async join(group: string, topics: readonly TopicName[], handler: GroupHandler): Promise<Membership> {
    const names = new Map(topics.map((topic) => [this.#onBroker(topic), topic]))
    const listener: GroupListener = {
      assigned: ({ topic, partition }) => handler.assigned(names.get(topic)!, partition),
      revoked: ({ topic, partition }) => handler.revoked(names.get(topic)!, partition),
    }
    const membership = await this.#client.join(this.#onBroker(group), [...names.keys()], listener)
    return {
      commit: (topic, partition, next) => membership.commit(this.#place(topic, partition), next),
      leave: () => membership.leave(),
    }
  }

  committed(group: string, topic: TopicName, partition: number): Promise<Offset | undefined> {
    return this.#client.committed(this.#onBroker(group), this.#place(topic, partition))
  }

  async barrier(): Promise<void> {}

  async appended(): Promise<void> {}

  async close(): Promise<void> {
    for (const cursor of [...this.#cursors]) cursor.close()
    await Promise.allSettled(this.#pending())
    await this.#client.close()
  }

  /** Drops every connection at once, as a killed process does. */
  abandon(): void {
    for (const cursor of [...this.#cursors]) cursor.close()
    this.#client.abandon()
  }

  /** Deletes all topics under this log's prefix, for good; a log without a prefix has none that are its own. */
  async removeTopics(): Promise<void> {
    if (this.#options.prefix === '') throw new Error('only topics under a prefix can be removed together')
    const names = await this.#client.list(this.#options.prefix)
    if (names.length > 0) await this.#client.remove(names)
    this.#topics.clear()
  }

  /** What was created before is known without `createTopics`, so that tools can look at whatever is there. */
  async #discover(): Promise<void> {
    const names = topicDefinitions(1).map(({ name }) => name)
    const found = await this.#client.describe(names.map((name) => this.#onBroker(name)))
    for (const name of names) {
      const shape = found.get(this.#onBroker(name))
      if (shape !== undefined) this.#know(name, shape.partitions, found)
    }
  }

  #pending(): Promise<unknown>[] {
    const pending: Promise<unknown>[] = []
    for (const appenders of this.#topics.values()) {
      for (const { pending: last } of appenders) if (last !== undefined) pending.push(last.catch(ofOthers))
    }
    return pending
  }

  #know(name: TopicName, wanted: number, found: ReadonlyMap<string, TopicShape>): void {
    const topic = this.#onBroker(name)
    const partitions = found.get(topic)?.partitions
    if (partitions === undefined) throw new LogUnavailable(`${topic} was created and is not there yet`)
    if (partitions !== wanted) throw new TopicMismatch(`${name} has ${partitions} partitions, not ${wanted}`)
    if (this.#topics.has(name)) return
    const settled = (bytes: number) => {
      this.#unacknowledgedBytes -= bytes
    }
    const appenders = Array.from(
      { length: partitions },
      (_, partition) => new PartitionAppender(this.#client, { topic, partition }, settled),
    )
    this.#topics.set(name, appenders)
  }

  #appenders(topic: TopicName): readonly PartitionAppender[] {
    const appenders = this.#topics.get(topic)
    if (appenders === undefined) throw new Error(`no topic ${topic}`)
    return appenders
  }

  #appender(topic: TopicName, partition: number): PartitionAppender {
    const appender = this.#appenders(topic)[partition]
    if (appender === undefined) throw new Error(`${topic} has no partition ${partition}`)
    return appender
  }

  #place(topic: TopicName, partition: number): Place {
    this.#appender(topic, partition)
    return { topic: this.#onBroker(topic), partition }
  }

  #onBroker(name: string): string {
    return this.#options.prefix + name
  }
}

/** Whoever expected an offset was told; what others appended is not touched by it. */
function ofOthers(error: unknown): void {
  if (!(error instanceof OffsetMismatch)) throw error
}

async function clientOf(options: KafkaOptions): Promise<KafkaClient> {
  if (options.adapter === 'platformatic') return new PlatformaticClient(options)
  const { KafkajsClient } = await import('./kafkajs/client.ts')
  return new KafkajsClient(options)
}
