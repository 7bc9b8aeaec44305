import { Cluster, type Redis } from 'ioredis'
import type { Bus, BusHandler, Subscription } from '../bus.ts'
import { ChannelSubscribers } from '../channel-subscribers.ts'
import { ClusterSubscriber } from './cluster-subscriber.ts'
import {
  anotherConnection,
  type Connection,
  openConnection,
  openNode,
  type RedisSettings,
} from './connection.ts'
import { Publisher } from './publisher.ts'
import { Subscriber } from './subscriber.ts'

export interface RedisBusSettings extends RedisSettings {
  /** Told what a handler threw; the other handlers get the message all the same. */
  readonly onHandlerError?: (error: unknown) => void
}

/**
 * The bus between processes: sharded publication and subscription (Redis 7), one connection for each, to each node of a cluster. While
 * Redis is away publications are lost; subscriptions are made again when it is back.
 */
export class RedisBus implements Bus {
  readonly #prefix: string
  readonly #publishing: Connection
  readonly #publisher: Publisher
  readonly #subscriber: Subscriber | ClusterSubscriber
  /** By channel with prefix. */
  readonly #subscribers: ChannelSubscribers

  /** @param listening another connection to the node; undefined where it is a cluster */
  private constructor(publishing: Connection, listening: Redis | undefined, settings: RedisBusSettings) {
    this.#prefix = settings.prefix
    this.#publishing = publishing
    this.#publisher = new Publisher(publishing)
    this.#subscribers = new ChannelSubscribers({
      onHandlerError: settings.onHandlerError ?? (() => undefined),
      onLastClosed: (channel) => this.#subscriber.unwant(channel),
    })
    const hear = (channel: string, payload: Buffer) => this.#subscribers.deliver(channel, payload)
    this.#subscriber =
      listening === undefined
        ? new ClusterSubscriber(publishing as Cluster, (node) => openNode(settings, node), hear)
        : new Subscriber(listening, hear)
  }

  /** @throws StoreUnavailable where Redis cannot be reached. */
  static async connect(settings: RedisBusSettings): Promise<RedisBus> {
    const publishing = await openConnection(settings)
    const isCluster = publishing instanceof Cluster
    return new RedisBus(publishing, isCluster ? undefined : await anotherConnection(settings), settings)
  }

  /** Publications lost since the start: beyond the limits, or while Redis was away. */
  get lost(): number {
    return this.#publisher.lost
  }

  publish(channel: string, payload: Buffer): void {
    this.#publisher.publish(this.#prefix + channel, payload)
  }

  /** Resolves when messages arrive; while Redis is away after a second, and they arrive as soon as it is back. */
  async subscribe(channel: string, handler: BusHandler): Promise<Subscription> {
    const name = this.#prefix + channel
    const added = this.#subscribers.add(name, handler)
    await this.#subscriber.want(name)
    return added
  }

  async close(): Promise<void> {
    this.#subscribers.clear()
    this.#subscriber.close()
    this.#publishing.disconnect()
  }
}
