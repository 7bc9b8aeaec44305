import type { Bus, BusHandler, Subscription } from '../bus.ts'

/** Messages that may wait while another is being delivered; more are lost. */
export const MAX_QUEUED_MESSAGES = 100_000

interface Message {
  readonly channel: string
  readonly payload: Buffer
}

/**
 * The bus of one process. Delivers before `publish` returns; what a handler publishes follows after the message that it
 * handles, so that all subscribers see one order.
 */
export class MemoryBus implements Bus {
  readonly #subscribers = new Map<string, Set<BusHandler>>()
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
    // A handler of its own, so that the same function can subscribe twice.
    const own: BusHandler = (payload) => handler(payload)
    let handlers = this.#subscribers.get(channel)
    if (handlers === undefined) {
      handlers = new Set()
      this.#subscribers.set(channel, handlers)
    }
    handlers.add(own)
    return { close: () => this.#unsubscribe(channel, own) }
  }

  async close(): Promise<void> {
    this.#subscribers.clear()
  }

  #unsubscribe(channel: string, handler: BusHandler): void {
    const handlers = this.#subscribers.get(channel)
    handlers?.delete(handler)
    if (handlers?.size === 0) this.#subscribers.delete(channel)
  }

  #deliver(channel: string, payload: Buffer): void {
    const handlers = this.#subscribers.get(channel)
    if (handlers === undefined) return
    for (const handler of handlers) {
      try {
        handler(payload)
      } catch (error) {
        this.#onError(error)
      }
    }
  }
}
