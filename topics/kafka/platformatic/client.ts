import { createTopicsV7, deleteTopicsV6, listOffsetsV9 } from '@platformatic/kafka'
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
import { HEARTBEAT_MS, OPERATION_TIMEOUT_MS } from '../limits.ts'
import type { KafkaOptions } from '../options.ts'
import { persist } from '../retry.ts'
import { Cluster } from './cluster.ts'
import { Code, failure } from './errors.ts'
import { Fetcher } from './fetcher.ts'
import { GroupCalls } from './group-calls.ts'
import { GroupMember } from './group-member.ts'
import { Producer } from './producer.ts'

const LATEST = -1n
const EARLIEST = -2n
const NO_REPLICA = -1

/** Kafka 4.0 or later, over the connections and the protocol of `@platformatic/kafka`. */
export class PlatformaticClient implements KafkaClient {
  readonly #cluster: Cluster
  readonly #producer: Producer
  readonly #fetcher: Fetcher
  readonly #groups: GroupCalls
  readonly #members = new Set<GroupMember>()
  readonly #options: KafkaOptions

  constructor(options: KafkaOptions) {
    this.#options = options
    this.#cluster = new Cluster(options)
    this.#producer = new Producer(this.#cluster, options.compression, options.appendTimeoutMs)
    this.#fetcher = new Fetcher(this.#cluster, (place, which) => this.offset(place, which))
    this.#groups = new GroupCalls(this.#cluster)
  }

  async describe(topics: readonly string[]): Promise<Map<string, TopicShape>> {
    const found = await persist(OPERATION_TIMEOUT_MS, () => this.#cluster.describe(topics))
    return new Map(
      [...found].map(([name, { leaders, copies }]) => [name, { partitions: leaders.length, copies }]),
    )
  }

  async list(prefix: string): Promise<string[]> {
    const found = await persist(OPERATION_TIMEOUT_MS, () => this.#cluster.describe(null))
    return [...found.keys()].filter((name) => name.startsWith(prefix)).sort()
  }

  async brokers(): Promise<number> {
    await persist(OPERATION_TIMEOUT_MS, () => this.#cluster.describe([]))
    return this.#cluster.nodes
  }

  create(topics: readonly NewTopic[]): Promise<void> {
    const asked = topics.map(({ topic, partitions, replicas, settings }) => ({
      name: topic,
      numPartitions: partitions,
      replicationFactor: replicas,
      assignments: [],
      configs: Object.entries(settings).map(([name, value]) => ({ name, value })),
    }))
    return persist(OPERATION_TIMEOUT_MS, async () => {
      const answer = await this.#cluster.anyBroker((link) =>
        link.call(createTopicsV7.api, asked, OPERATION_TIMEOUT_MS, false),
      )
      for (const { name, errorCode, errorMessage } of answer.topics) {
        if (errorCode === Code.none || errorCode === Code.topicExists) continue
        const objection = failure(`topic ${name}`, errorCode, errorMessage)
        // A broker that is still starting is waited for.
        throw errorCode === Code.tooFewBrokers ? new LogUnavailable(objection.message) : objection
      }
    })
  }

  remove(topics: readonly string[]): Promise<void> {
    return persist(OPERATION_TIMEOUT_MS, async () => {
      const named = topics.map((name) => ({ name }))
      const answer = await this.#cluster.anyBroker((link) =>
        link.call(deleteTopicsV6.api, named, OPERATION_TIMEOUT_MS),
      )
      for (const { name, errorCode, errorMessage } of answer.responses) {
        if (errorCode === Code.none || errorCode === Code.unknownTopic) continue
        throw failure(`topic ${name}`, errorCode, errorMessage)
      }
    })
  }

  offset(place: Place, which: 'start' | 'end'): Promise<Offset> {
    return persist(OPERATION_TIMEOUT_MS, async () => {
      try {
        return await this.#offset(place, which === 'start' ? EARLIEST : LATEST)
      } catch (error) {
        if (error instanceof LogUnavailable) this.#cluster.forget(place.topic)
        throw error
      }
    })
  }

  produce(place: Place, records: readonly LogRecord[]): Promise<Offset> {
    return this.#producer.produce(place, records)
  }

  read(place: Place, from: Offset, sink: RecordSink): Reading {
    return this.#fetcher.read(place, from, sink)
  }

  async join(group: string, topics: readonly string[], listener: GroupListener): Promise<GroupMembership> {
    await this.describe(topics)
    const { sessionTimeoutMs, warn } = this.#options
    const objection = await persist(OPERATION_TIMEOUT_MS, () =>
      this.#groups.setTimes(group, sessionTimeoutMs, HEARTBEAT_MS),
    )
    if (objection !== undefined) warn(`${group} keeps the broker's own session time-out: ${objection}`)
    const member = new GroupMember(this.#groups, group, topics, sessionTimeoutMs, listener)
    this.#members.add(member)
    await member.join()
    return {
      commit: (place, next) => member.commit(place, next),
      leave: async () => {
        await member.leave()
        this.#members.delete(member)
      },
    }
  }

  committed(group: string, place: Place): Promise<Offset | undefined> {
    return this.#groups.committed(group, place)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#members].map((member) => member.leave()))
    await this.#cluster.close()
  }

  abandon(): void {
    this.#cluster.abandon()
    for (const member of this.#members) member.stop()
  }

  async #offset(place: Place, timestamp: bigint): Promise<Offset> {
    const { topic, partition } = place
    const leader = await this.#cluster.leader(place)
    const asked = [
      { name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp }] },
    ]
    const answer = await this.#cluster.link(leader, 'calls').call(listOffsetsV9.api, NO_REPLICA, 0, asked)
    const found = answer.topics[0]?.partitions[0]
    if (found === undefined) throw new LogUnavailable(`no offset for ${topic}/${partition}`)
    if (found.errorCode !== Code.none) throw failure(`${topic}/${partition}`, found.errorCode)
    return Number(found.offset) as Offset
  }
}
