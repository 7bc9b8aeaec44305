import type { BusHandler, Subscription } from './bus.ts'

/** One handler on one channel; an object of its own, so that the same function can subscribe twice. */
class ChannelSubscription implements Subscription {
  readonly handler: BusHandler
  readonly #subscribers: ChannelSubscribers
  readonly #channel: string

  constructor(subscribers: ChannelSubscribers, channel: string, handler: BusHandler) {
    this.#subscribers = subscribers
    this.#channel = channel
    this.handler = handler
  }

  close(): void {
    this.#subscribers.remove(this.#channel, this)
  }
}

export interface SubscriberEvents {
  /** Told what a handler threw; the other handlers get the message all the same. */
  onHandlerError(error: unknown): void
  /** The last subscription of a channel has closed. */
  onLastClosed?(channel: string): void
}

/** Who of this process hears what of a bus. */
export class ChannelSubscribers {
  /** Most channels have one subscriber, which then stands here without a set around it. */
  readonly #byChannel = new Map<string, ChannelSubscription | Set<ChannelSubscription>>()
  readonly #events: SubscriberEvents

  constructor(events: SubscriberEvents) {
    this.#events = events
  }

  add(channel: string, handler: BusHandler): Subscription {
    const added = new ChannelSubscription(this, channel, handler)
    const known = this.#byChannel.get(channel)
    if (known === undefined) this.#byChannel.set(channel, added)
    else if (known instanceof Set) known.add(added)
    else this.#byChannel.set(channel, new Set([known, added]))
    return added
  }

  /** For a subscription that closes. */
  remove(channel: string, subscription: ChannelSubscription): void {
    const known = this.#byChannel.get(channel)
    const isLast =
      known === subscription || (known instanceof Set && known.delete(subscription) && known.size === 0)
    if (!isLast) return
    this.#byChannel.delete(channel)
    this.#events.onLastClosed?.(channel)
  }

  clear(): void {
    this.#byChannel.clear()
  }

  deliver(channel: string, payload: Buffer, record?: object): void {
    const known = this.#byChannel.get(channel)
    if (known === undefined) return
    if (known instanceof Set) for (const subscription of known) this.#give(subscription, payload, record)
    else this.#give(known, payload, record)
  }

  #give({ handler }: ChannelSubscription, payload: Buffer, record: object | undefined): void {
    try {
      handler(payload, record)
    } catch (error) {
      this.#events.onHandlerError(error)
    }
  }
}
