import type { Bus, BusHandler, Subscription } from '../bus.ts'
import { anotherConnection, type Connection, openConnection, type RedisSettings } from './connection.ts'
import { Publisher } from './publisher.ts'
import { Subscriber } from './subscriber.ts'

export interface RedisBusSettings extends RedisSettings {
  /** Told what a handler threw; the other handlers get the message all the same. */
  readonly onHandlerError?: (error: unknown) => void
}

/** One handler on one channel; an object of its own, so that the same function can subscribe twice. */
class ChannelSubscription implements Subscription {
  readonly handler: BusHandler
  readonly #bus: RedisBus
  readonly #channel: string

  constructor(bus: RedisBus, channel: string, handler: BusHandler) {
    this.#bus = bus
    this.#channel = channel
    this.handler = handler
  }

  close(): void {
    this.#bus.remove(this.#channel, this)
  }
}

/**
 * The bus between processes: sharded publication and subscription (Redis 7), one connection for each. While Redis is away
 * publications are lost; subscriptions are made again when it is back.
 */
export class RedisBus implements Bus {
  readonly #prefix: string
  readonly #publishing: Connection
  readonly #publisher: Publisher
  readonly #subscriber: Subscriber
  readonly #onHandlerError: (error: unknown) => void
  /** By channel with prefix. Most have one subscriber, which then stands here without a set around it. */
  readonly #subscribers = new Map<string, ChannelSubscription | Set<ChannelSubscription>>()

  private constructor(publishing: Connection, subscribing: Connection, settings: RedisBusSettings) {
    this.#prefix = settings.prefix
    this.#publishing = publishing
    this.#publisher = new Publisher(publishing)
    this.#subscriber = new Subscriber(subscribing, (channel, payload) => this.#deliver(channel, payload))
    this.#onHandlerError = settings.onHandlerError ?? (() => undefined)
  }

  /** @throws StoreUnavailable where Redis cannot be reached. */
  static async connect(settings: RedisBusSettings): Promise<RedisBus> {
    const publishing = await openConnection(settings)
    return new RedisBus(publishing, await anotherConnection(settings, publishing), settings)
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
    const added = new ChannelSubscription(this, name, handler)
    const known = this.#subscribers.get(name)
    if (known === undefined) this.#subscribers.set(name, added)
    else if (known instanceof Set) known.add(added)
    else this.#subscribers.set(name, new Set([known, added]))
    await this.#subscriber.want(name)
    return added
  }

  async close(): Promise<void> {
    this.#subscribers.clear()
    this.#subscriber.close()
    this.#publishing.disconnect()
  }

  /** For a subscription that closes. */
  remove(channel: string, subscription: ChannelSubscription): void {
    const known = this.#subscribers.get(channel)
    const isLast =
      known === subscription || (known instanceof Set && known.delete(subscription) && known.size === 0)
    if (!isLast) return
    this.#subscribers.delete(channel)
    this.#subscriber.unwant(channel)
  }

  #deliver(channel: string, payload: Buffer): void {
    const known = this.#subscribers.get(channel)
    if (known === undefined) return
    if (known instanceof Set) for (const subscription of known) this.#give(subscription, payload)
    else this.#give(known, payload)
  }

  #give({ handler }: ChannelSubscription, payload: Buffer): void {
    try {
      handler(payload)
    } catch (error) {
      this.#onHandlerError(error)
    }
  }
}
