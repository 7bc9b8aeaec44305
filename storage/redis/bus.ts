import type { Bus, BusHandler, Subscription } from '../bus.ts'
import { ChannelSubscribers } from '../channel-subscribers.ts'
import { anotherConnection, type Connection, openConnection, type RedisSettings } from './connection.ts'
import { Publisher } from './publisher.ts'
import { Subscriber } from './subscriber.ts'

export interface RedisBusSettings extends RedisSettings {
  /** Told what a handler threw; the other handlers get the message all the same. */
  readonly onHandlerError?: (error: unknown) => void
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
  /** By channel with prefix. */
  readonly #subscribers: ChannelSubscribers

  private constructor(publishing: Connection, subscribing: Connection, settings: RedisBusSettings) {
    this.#prefix = settings.prefix
    this.#publishing = publishing
    this.#publisher = new Publisher(publishing)
    this.#subscribers = new ChannelSubscribers({
      onHandlerError: settings.onHandlerError ?? (() => undefined),
      onLastClosed: (channel) => this.#subscriber.unwant(channel),
    })
    this.#subscriber = new Subscriber(subscribing, (channel, payload) =>
      this.#subscribers.deliver(channel, payload),
    )
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
