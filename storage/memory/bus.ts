import type { Bus, BusHandler, Subscription } from '../bus.ts'
import { ChannelSubscribers } from '../channel-subscribers.ts'

/** Messages that may wait while another is being delivered; more are lost. */
export const MAX_QUEUED_MESSAGES = 100_000

interface Message {
  readonly channel: string
  readonly payload: Buffer
  readonly record: object | undefined
}

/**
 * The bus of one process. Delivers before `publish` returns; what a handler publishes follows after the message that it
 * handles, so that all subscribers see one order.
 */
export class MemoryBus implements Bus {
  readonly #subscribers: ChannelSubscribers
  readonly #queue: Message[] = []
  #delivering = false

  /** `onError` is told what a handler threw; the other handlers get the message all the same. */
  constructor(onError: (error: unknown) => void = () => undefined) {
    this.#subscribers = new ChannelSubscribers({ onHandlerError: onError })
  }

  publish(channel: string, payload: Buffer, record?: object): void {
    if (this.#delivering) {
      if (this.#queue.length < MAX_QUEUED_MESSAGES) this.#queue.push({ channel, payload, record })
      return
    }
    this.#delivering = true
    this.#subscribers.deliver(channel, payload, record)
    for (let i = 0; i < this.#queue.length; i++) {
      const next = this.#queue[i]!
      this.#subscribers.deliver(next.channel, next.payload, next.record)
    }
    this.#queue.length = 0
    this.#delivering = false
  }

  async subscribe(channel: string, handler: BusHandler): Promise<Subscription> {
    return this.#subscribers.add(channel, handler)
  }

  async close(): Promise<void> {
    this.#subscribers.clear()
  }
}
