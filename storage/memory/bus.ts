import type { Bus, BusHandler, Subscription } from '../bus.ts'

/** Messages that may wait while another is being delivered; more are lost. */
export const MAX_QUEUED_MESSAGES = 100_000

interface Message {
  readonly channel: string
  readonly payload: Buffer
}

/** One handler on one channel; an object of its own, so that the same function can subscribe twice. */
class ChannelSubscription implements Subscription {
  readonly handler: BusHandler
  readonly #bus: MemoryBus
  readonly #channel: string

  constructor(bus: MemoryBus, channel: string, handler: BusHandler) {
    this.#bus = bus
    this.#channel = channel
    this.handler = handler
  }

  close(): void {
    this.#bus.remove(this.#channel, this)
  }
}

/**
 * The bus of one process. Delivers before `publish` returns; what a handler publishes follows after the message that it
 * handles, so that all subscribers see one order.
 */
export class MemoryBus implements Bus {
  /** Most channels have one subscriber, which then stands here without a set around it. */
  readonly #subscribers = new Map<string, ChannelSubscription | Set<ChannelSubscription>>()
  readonly #queue: Message[] = []
  readonly #onError: (error: unknown) => void
  #delivering = false

  /** `onError` is told what a handler threw; the other handlers get the message all the same. */
  constructor(onError: (error: unknown) => void = () => undefined) {
    this.#onError = onError
  }

  publish(channel: string, payload: Buffer): void {
    if (this.#delivering) {
      if (this.#queue.length < MAX_QUEUED_MESSAGES) this.#queue.push({ channel, payload })
      return
    }
    this.#delivering = true
    this.#deliver(channel, payload)
    for (let i = 0; i < this.#queue.length; i++)
      this.#deliver(this.#queue[i]!.channel, this.#queue[i]!.payload)
    this.#queue.length = 0
    this.#delivering = false
  }

  async subscribe(channel: string, handler: BusHandler): Promise<Subscription> {
    const added = new ChannelSubscription(this, channel, handler)
    const known = this.#subscribers.get(channel)
    if (known === undefined) this.#subscribers.set(channel, added)
    else if (known instanceof Set) known.add(added)
    else this.#subscribers.set(channel, new Set([known, added]))
    return added
  }

  async close(): Promise<void> {
    this.#subscribers.clear()
  }

  /** For a subscription that closes. */
  remove(channel: string, subscription: ChannelSubscription): void {
    const known = this.#subscribers.get(channel)
    if (known === subscription) this.#subscribers.delete(channel)
    else if (known instanceof Set && known.delete(subscription) && known.size === 0)
      this.#subscribers.delete(channel)
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
      this.#onError(error)
    }
  }
}
