import {
  ConfigResourceTypes,
  consumerGroupHeartbeatV1,
  IncrementalAlterConfigOperationTypes,
  incrementalAlterConfigsV1,
  offsetCommitV9,
  offsetFetchV9,
} from '@platformatic/kafka'
import { LogUnavailable, type Offset } from '../../log.ts'
import type { Place } from '../client.ts'
import { OPERATION_TIMEOUT_MS, REBALANCE_TIMEOUT_MS } from '../limits.ts'
import { persist } from '../retry.ts'
import type { BrokerLink } from './broker-link.ts'
import type { Cluster } from './cluster.ts'
import { Code, failure } from './errors.ts'

export interface Heartbeat {
  readonly error: number
  readonly epoch: number
  readonly intervalMs: number
  /** What the member is to own, where the broker has news of it. */
  readonly target: readonly Place[] | undefined
}

const NO_EPOCH = -1

/** What is asked of the broker that looks after a group. */
export class GroupCalls {
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** The next generation of the group protocol (KIP-848): one request joins, keeps, gives up, and leaves. */
  async heartbeat(
    group: string,
    member: string,
    epoch: number,
    topics: readonly string[],
    owned: readonly Place[],
  ): Promise<Heartbeat> {
    const call = (link: BrokerLink) =>
      link.call(
        consumerGroupHeartbeatV1.api,
        group,
        member,
        epoch,
        null,
        null,
        REBALANCE_TIMEOUT_MS,
        [...topics],
        null,
        null,
        this.#byTopicId(owned),
      )
    const answer = await this.#atCoordinator(group, call)
    const { errorCode: error, memberEpoch, heartbeatIntervalMs: intervalMs, assignment } = answer
    this.#checkCoordinator(group, error)
    const target = assignment === null ? undefined : await this.#places(assignment.topicPartitions)
    return { error, epoch: memberEpoch, intervalMs, target }
  }

  /** Commits offsets as a member; resolves to the first error code, 0 where there is none. */
  async commit(group: string, member: string, epoch: number, place: Place, next: Offset): Promise<number> {
    const committed = {
      committedOffset: BigInt(next),
      committedLeaderEpoch: NO_EPOCH,
      committedMetadata: null,
    }
    const topics = [{ name: place.topic, partitions: [{ partitionIndex: place.partition, ...committed }] }]
    const answer = await this.#atCoordinator(group, (link) =>
      link.call(offsetCommitV9.api, group, epoch, member, null, topics),
    )
    const error = answer.topics[0]?.partitions[0]?.errorCode ?? Code.none
    this.#checkCoordinator(group, error)
    return error
  }

  committed(group: string, { topic, partition }: Place): Promise<Offset | undefined> {
    return persist(OPERATION_TIMEOUT_MS, async () => {
      const topics = [{ name: topic, partitionIndexes: [partition] }]
      const asked = [{ groupId: group, memberId: null, memberEpoch: NO_EPOCH, topics }]
      const answer = await this.#atCoordinator(group, (link) => link.call(offsetFetchV9.api, asked, false))
      const found = answer.groups[0]
      const of = found?.topics[0]?.partitions[0]
      const error = found?.errorCode || of?.errorCode || Code.none
      this.#checkCoordinator(group, error)
      if (error === Code.unknownGroup) return undefined
      if (error !== Code.none) throw failure(`committed offset of ${group}`, error)
      return of === undefined || of.committedOffset < 0n ? undefined : (Number(of.committedOffset) as Offset)
    })
  }

  /** Sets how soon the broker gives a silent member's partitions to others. Resolves to what it objects, if anything. */
  async setTimes(group: string, sessionMs: number, heartbeatMs: number): Promise<string | undefined> {
    const set = (name: string, ms: number) => ({
      name,
      value: String(ms),
      configOperation: IncrementalAlterConfigOperationTypes.SET,
    })
    const configs = [
      set('consumer.session.timeout.ms', sessionMs),
      set('consumer.heartbeat.interval.ms', heartbeatMs),
    ]
    const resources = [{ resourceType: ConfigResourceTypes.GROUP, resourceName: group, configs }]
    const answer = await this.#cluster.anyBroker((link) =>
      link.call(incrementalAlterConfigsV1.api, resources, false),
    )
    const result = answer.responses[0]
    if (result === undefined || result.errorCode === Code.none) return undefined
    return result.errorMessage ?? `Kafka error ${result.errorCode}`
  }

  async #atCoordinator<T>(group: string, call: (link: BrokerLink) => Promise<T>): Promise<T> {
    const link = await this.#cluster.coordinator(group)
    try {
      return await call(link)
    } catch (error) {
      if (error instanceof LogUnavailable) this.#cluster.forgetCoordinator(group)
      throw error
    }
  }

  #checkCoordinator(group: string, code: number): void {
    const error = failure(`group ${group}`, code)
    if (!(error instanceof LogUnavailable)) return
    this.#cluster.forgetCoordinator(group)
    throw error
  }

  #byTopicId(places: readonly Place[]): { topicId: string; partitions: number[] }[] {
    const topics = new Map<string, number[]>()
    for (const { topic, partition } of places) {
      const known = topics.get(topic)
      if (known === undefined) topics.set(topic, [partition])
      else known.push(partition)
    }
    return [...topics].map(([topic, partitions]) => ({
      topicId: this.#cluster.topic(topic)!.idText,
      partitions,
    }))
  }

  async #places(assigned: readonly { topicId: string; partitions: number[] }[]): Promise<Place[]> {
    const places: Place[] = []
    for (const { topicId, partitions } of assigned) {
      const topic = this.#cluster.topicName(topicId)
      if (topic === undefined) throw new LogUnavailable(`a topic with the id ${topicId} is not known`)
      for (const partition of partitions) places.push({ topic, partition })
    }
    return places
  }
}
