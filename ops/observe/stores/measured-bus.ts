import type { Bus, BusHandler } from '@heliograph/storage'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import { Timed } from './timed.ts'

/** A bus, measured. */
export class MeasuredBus implements Bus {
  readonly #bus: Bus
  readonly #published
  readonly #subscribe

  constructor(bus: Bus, metrics: Metrics, log: Logger) {
    this.#bus = bus
    this.#published = metrics.published.with()
    this.#subscribe = new Timed(metrics, log, 'bus', 'subscribe')
  }

  publish(channel: string, payload: Buffer, record?: object): void {
    this.#published.value++
    this.#bus.publish(channel, payload, record)
  }
  subscribe(channel: string, handler: BusHandler) {
    return this.#subscribe.watch(this.#bus.subscribe(channel, handler))
  }
  close() {
    return this.#bus.close()
  }
}
