import { connect, type Socket } from 'node:net'
import kafkajs, { type Admin, type ISocketFactoryArgs, type Kafka, type Producer } from 'kafkajs'
import { type LogRecord, LogUnavailable, type Offset } from '../../log.ts'
import type {
  GroupListener,
  GroupMembership,
  KafkaClient,
  NewTopic,
  Place,
  Reading,
  RecordSink,
  TopicShape,
} from '../client.ts'
import { CONNECT_TIMEOUT_MS, MAX_BACKOFF_MS, OPERATION_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../limits.ts'
import type { KafkaOptions } from '../options.ts'
import { persist } from '../retry.ts'
import { unavailable } from './errors.ts'
import { KafkajsMember } from './group-member.ts'
import { KafkajsReading } from './reading.ts'

const ALL_REPLICAS = -1
const RETRIES = 5

/** kafkajs 2. It packs batches with gzip only, and reads with a consumer, and a group, for every cursor. */
export class KafkajsClient implements KafkaClient {
  readonly #options: KafkaOptions
  readonly #kafka: Kafka
  readonly #admin: Admin
  readonly #sockets = new Set<Socket>()
  readonly #readings = new Set<KafkajsReading>()
  readonly #members = new Set<KafkajsMember>()
  #producer: Promise<Producer> | undefined
  #connected: Promise<void> | undefined
  #closed = false

  constructor(options: KafkaOptions) {
    if (options.compression !== 'none' && options.compression !== 'gzip') {
      throw new Error(`kafkajs does not pack with ${options.compression}`)
    }
    this.#options = options
    this.#kafka = new kafkajs.Kafka({
      brokers: [...options.brokers],
      clientId: options.clientId,
      logLevel: kafkajs.logLevel.NOTHING,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retry: { retries: RETRIES, initialRetryTime: 50, maxRetryTime: MAX_BACKOFF_MS },
      socketFactory: (asked) => this.#connect(asked),
    })
    this.#admin = this.#kafka.admin()
  }

  describe(topics: readonly string[]): Promise<Map<string, TopicShape>> {
    return this.#asAdmin(async (admin) => {
      const there = new Set(await admin.listTopics())
      const found = topics.filter((topic) => there.has(topic))
      if (found.length === 0) return new Map()
      const { topics: described } = await admin.fetchTopicMetadata({ topics: found })
      const shapeOf = (partitions: readonly { readonly replicas: readonly number[] }[]) => ({
        partitions: partitions.length,
        copies: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      })
      return new Map(described.map(({ name, partitions }) => [name, shapeOf(partitions)]))
    })
  }

  list(prefix: string): Promise<string[]> {
    return this.#asAdmin(async (admin) =>
      (await admin.listTopics()).filter((name) => name.startsWith(prefix)).sort(),
    )
  }

  brokers(): Promise<number> {
    return this.#asAdmin(async (admin) => (await admin.describeCluster()).brokers.length)
  }

  create(topics: readonly NewTopic[]): Promise<void> {
    const asked = topics.map(({ topic, partitions, replicas, settings }) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: replicas,
      configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
    }))
    return this.#asAdmin(
      async (admin) => void (await admin.createTopics({ topics: asked, waitForLeaders: false })),
    )
  }

  remove(topics: readonly string[]): Promise<void> {
    return this.#asAdmin((admin) => admin.deleteTopics({ topics: [...topics] }))
  }

  offset({ topic, partition }: Place, which: 'start' | 'end'): Promise<Offset> {
    return this.#asAdmin(async (admin) => {
      const found = (await admin.fetchTopicOffsets(topic)).find((one) => one.partition === partition)
      if (found === undefined) throw new LogUnavailable(`no offset for ${topic}/${partition}`)
      return Number(which === 'start' ? found.low : found.high) as Offset
    })
  }

  async produce({ topic, partition }: Place, records: readonly LogRecord[]): Promise<Offset> {
    const messages = records.map(({ key, value, timestampMs }) => ({
      key,
      value,
      partition,
      timestamp: String(timestampMs),
    }))
    const producer = await this.#connectedProducer()
    const packed = this.#options.compression === 'gzip' ? kafkajs.CompressionTypes.GZIP : undefined
    const sent = producer.send({
      topic,
      messages,
      acks: ALL_REPLICAS,
      ...(packed && { compression: packed }),
    })
    try {
      const [placed] = await this.#inTime(sent)
      return Number(placed!.baseOffset) as Offset
    } catch (error) {
      // Whether it is in the log is open: what comes next must not follow it under the same producer.
      this.#dropProducer(producer)
      throw unavailable(error)
    }
  }

  read(place: Place, from: Offset, sink: RecordSink): Reading {
    const reading = new KafkajsReading(this.#kafka, `${this.#options.prefix}cursor-`, place, from, sink)
    this.#readings.add(reading)
    return {
      resume: () => reading.resume(),
      close: () => {
        this.#readings.delete(reading)
        reading.close()
      },
    }
  }

  async join(group: string, topics: readonly string[], listener: GroupListener): Promise<GroupMembership> {
    const member = new KafkajsMember(this.#kafka, group, topics, this.#options.sessionTimeoutMs, listener)
    this.#members.add(member)
    await member.join().catch((error) => Promise.reject(unavailable(error)))
    return member
  }

  committed(groupId: string, { topic, partition }: Place): Promise<Offset | undefined> {
    return this.#asAdmin(async (admin) => {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] })
      const offset = Number(found?.partitions.find((one) => one.partition === partition)?.offset ?? -1)
      return offset < 0 ? undefined : (offset as Offset)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const reading of this.#readings) reading.close()
    await Promise.all([...this.#members].map((member) => member.leave()))
    await Promise.allSettled([
      this.#producer?.then((producer) => producer.disconnect()),
      this.#admin.disconnect(),
    ])
  }

  abandon(): void {
    this.#closed = true
    for (const socket of this.#sockets) socket.destroy()
    for (const reading of this.#readings) reading.close()
    for (const member of this.#members) member.stop()
  }

  #connect({ host, port, onConnect }: ISocketFactoryArgs): Socket {
    const { hostname, port: mapped } = new URL(`kafka://${this.#options.reach(`${host}:${port}`)}`)
    const socket = connect(Number(mapped), hostname, onConnect)
    socket.setNoDelay(true)
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    if (this.#closed) socket.destroy()
    return socket
  }

  #asAdmin<T>(call: (admin: Admin) => Promise<T>): Promise<T> {
    return persist(OPERATION_TIMEOUT_MS, () => this.#tryAsAdmin(call))
  }

  async #tryAsAdmin<T>(call: (admin: Admin) => Promise<T>): Promise<T> {
    try {
      this.#connected ??= this.#admin.connect()
      await this.#connected
      return await call(this.#admin)
    } catch (error) {
      this.#connected = undefined
      throw unavailable(error)
    }
  }

  #connectedProducer(): Promise<Producer> {
    this.#producer ??= (async () => {
      const producer = this.#kafka.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
      })
      await producer.connect()
      return producer
    })().catch((error) => {
      this.#producer = undefined
      throw unavailable(error)
    })
    return this.#producer
  }

  #dropProducer(producer: Producer): void {
    this.#producer = undefined
    producer.disconnect().catch(() => undefined)
  }

  #inTime<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new LogUnavailable('no append in time'))
      const timer = setTimeout(late, this.#options.appendTimeoutMs)
      answer.then(resolve, reject).finally(() => clearTimeout(timer))
    })
  }
}
