import { findCoordinatorV6, metadataV12 } from '@platformatic/kafka'
import { LogUnavailable } from '../../log.ts'
import type { Place } from '../client.ts'
import type { KafkaOptions } from '../options.ts'
import { BrokerLink } from './broker-link.ts'
import { Code, failure, isTransient } from './errors.ts'
import { SilenceWatch } from './silence-watch.ts'

/** What a connection is for: a broker answers a connection's requests in turn, so that what may wait has its own. */
export type Purpose = 'calls' | 'produce' | 'tail' | 'catch-up'

export interface TopicPlace {
  readonly name: string
  /** 16 bytes, as in fetches. */
  readonly id: Buffer
  readonly idHex: string
  /** With dashes, as the client writes it. */
  readonly idText: string
  /** Node of each partition's leader; -1 where there is none for now. */
  readonly leaders: readonly number[]
  /** Brokers that have a copy, of the partition of which the fewest have. */
  readonly copies: number
}
interface Address {
  readonly host: string
  readonly port: number
}

/** How often it is looked for brokers that hang. */
const WATCH_MS = 500
const GROUP_KEY = 0
const DEFAULT_PORT = 9092

/** What is known of the brokers, and the connections to them. */
export class Cluster {
  readonly #clientId: string
  readonly #reach: (broker: string) => string
  readonly #seeds: readonly Address[]
  readonly #links = new Map<string, BrokerLink>()
  readonly #topics = new Map<string, TopicPlace>()
  readonly #topicNames = new Map<string, string>()
  /** Topics whose leaders may have moved. */
  readonly #stale = new Set<string>()
  readonly #coordinators = new Map<string, Address>()
  /** Whose last call has failed. */
  readonly #failed = new WeakSet<BrokerLink>()
  readonly #watch = new SilenceWatch({
    links: () => this.#links.values(),
    doubt: (addresses) => this.#doubt(addresses),
    inService: async () => {
      await this.describe([])
      return this.#addresses()
    },
  })
  #watching: NodeJS.Timeout | undefined
  #nodes = new Map<number, Address>()
  #closed = false

  constructor({ brokers, clientId, reach }: KafkaOptions) {
    this.#clientId = clientId
    this.#reach = reach
    this.#seeds = brokers.map(parseAddress)
  }

  get closed(): boolean {
    return this.#closed
  }

  get nodes(): number {
    return this.#nodes.size
  }

  /** Looks the topics up, or all of them; those that do not exist are not in the answer. */
  async describe(topics: readonly string[] | null): Promise<Map<string, TopicPlace>> {
    const answer = await this.anyBroker((link) =>
      link.call(metadataV12.api, topics === null ? null : [...topics], false, false),
    )
    this.#nodes = new Map(answer.brokers.map((broker) => [broker.nodeId, this.#address(broker)]))
    this.#watch.learn(this.#addresses())
    const found = new Map<string, TopicPlace>()
    for (const { errorCode, name, topicId, partitions } of answer.topics) {
      if (typeof name !== 'string' || errorCode === Code.unknownTopic) continue
      if (errorCode !== Code.none && !isTransient(errorCode)) throw failure(`topic ${name}`, errorCode)
      const leaders: number[] = partitions.map(() => -1)
      for (const { partitionIndex, leaderId } of partitions) leaders[partitionIndex] = leaderId
      const id = Buffer.from(topicId.replaceAll('-', ''), 'hex')
      const copies = Math.min(...partitions.map(({ replicaNodes }) => replicaNodes.length))
      const place = { name, id, idHex: id.toString('hex'), idText: topicId, leaders, copies }
      this.#topics.set(name, place)
      this.#stale.delete(name)
      this.#topicNames.set(id.toString('hex'), name)
      found.set(name, place)
    }
    return found
  }

  /** The topic as last looked up. */
  topic(name: string): TopicPlace | undefined {
    return this.#topics.get(name)
  }

  topicName(id: string): string | undefined {
    return this.#topicNames.get(id.replaceAll('-', ''))
  }

  /** Lets the next call look the leaders of the topic up again. */
  forget(topic: string): void {
    this.#stale.add(topic)
  }

  /** Node that leads a partition, where that is known at hand. */
  knownLeader({ topic, partition }: Place): number | undefined {
    if (this.#stale.has(topic)) return undefined
    const leader = this.#topics.get(topic)?.leaders[partition]
    return leader === undefined || leader < 0 || !this.#nodes.has(leader) ? undefined : leader
  }

  async leader(place: Place): Promise<number> {
    const known = this.knownLeader(place)
    if (known !== undefined) return known
    await this.describe([place.topic])
    const leader = this.knownLeader(place)
    if (leader === undefined) throw new LogUnavailable(`${place.topic}/${place.partition} has no leader`)
    return leader
  }

  link(node: number, purpose: Purpose): BrokerLink {
    const address = this.#nodes.get(node)
    if (address === undefined) throw new LogUnavailable(`Kafka's node ${node} is not known`)
    return this.#linkTo(address, purpose)
  }

  /** Connection to the broker that looks after a group. */
  async coordinator(group: string): Promise<BrokerLink> {
    const known = this.#coordinators.get(group)
    if (known !== undefined) return this.#linkTo(known, 'calls')
    const answer = await this.anyBroker((link) => link.call(findCoordinatorV6.api, GROUP_KEY, [group]))
    const found = answer.coordinators[0]
    if (found === undefined) throw new LogUnavailable(`group ${group} has no coordinator`)
    if (found.errorCode !== Code.none) throw failure(`group ${group}`, found.errorCode, found.errorMessage)
    const address = this.#address(found)
    this.#coordinators.set(group, address)
    return this.#linkTo(address, 'calls')
  }

  forgetCoordinator(group: string): void {
    this.#coordinators.delete(group)
  }

  /** Calls one broker after another until one can be reached, those first that have not failed since they answered last. */
  async anyBroker<T>(call: (link: BrokerLink) => Promise<T>): Promise<T> {
    let last: unknown
    for (const link of this.#byHope()) {
      try {
        const answer = await call(link)
        this.#failed.delete(link)
        return answer
      } catch (error) {
        if (!(error instanceof LogUnavailable)) throw error
        this.#failed.add(link)
        last = error
      }
    }
    throw last
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#watching)
    await Promise.all([...this.#links.values()].map((link) => link.close()))
  }

  abandon(): void {
    this.#closed = true
    clearInterval(this.#watching)
    for (const link of this.#links.values()) link.abandon()
  }

  /** All known brokers. One that hangs takes seconds to fail, and must not take them of every call. */
  #byHope(): readonly BrokerLink[] {
    const known = [...this.#nodes.values(), ...this.#seeds].map((each) => this.#linkTo(each, 'calls'))
    const links = [...new Set(known)]
    const hasFailed = (link: BrokerLink) => this.#failed.has(link)
    return [...links.filter((link) => !hasFailed(link)), ...links.filter(hasFailed)]
  }

  #doubt(addresses: ReadonlySet<string>): void {
    for (const link of this.#links.values()) if (addresses.has(link.address)) this.#failed.add(link)
  }

  /** Of the brokers, as last heard. */
  #addresses(): ReadonlySet<string> {
    return new Set([...this.#nodes.values()].map(({ host, port }) => `${host}:${port}`))
  }

  #address({ host, port }: Address): Address {
    return parseAddress(this.#reach(`${host}:${port}`))
  }

  #linkTo({ host, port }: Address, purpose: Purpose): BrokerLink {
    if (this.#closed) throw new LogUnavailable('the log was closed')
    const name = `${host}:${port}/${purpose}`
    let link = this.#links.get(name)
    this.#watching ??= setInterval(() => void this.#watch.check(), WATCH_MS).unref()
    if (link === undefined) {
      link = new BrokerLink(this.#clientId, host, port)
      this.#links.set(name, link)
    }
    return link
  }
}

function parseAddress(broker: string): Address {
  const url = new URL(`kafka://${broker}`)
  return { host: url.hostname, port: url.port === '' ? DEFAULT_PORT : Number(url.port) }
}
