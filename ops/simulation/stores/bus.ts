import type { Bus, BusHandler, Subscription } from '@heliograph/storage'
import type { Life } from '../world/life.ts'
import type { Network } from './network.ts'
import type { Weather } from './weather.ts'

interface Listener {
  readonly life: Life
  readonly handler: BusHandler
}

/** The publications of a world: each may be lost, none comes before an earlier one of the same publisher. */
export class Exchange {
  /** Everything that was ever published, for those who look for what must not be there. */
  readonly published: Buffer[] = []
  readonly #network: Network
  readonly #weather: Weather
  readonly #listeners = new Map<string, Set<Listener>>()

  constructor(network: Network, weather: Weather) {
    this.#network = network
    this.#weather = weather
  }

  /** The bus as one life of a process has it. */
  busOf(life: Life): Bus {
    return {
      publish: (channel, payload) => this.#publish(life, channel, payload),
      subscribe: (channel, handler) => this.#subscribe(channel, { life, handler }),
      close: async () => {},
    }
  }

  #publish(from: Life, channel: string, payload: Buffer): void {
    if (from.dead) return
    const { world } = this.#network
    world.trace.note(`${from.name} publishes to ${channel}`, payload)
    this.published.push(payload)
    for (const listener of this.#listeners.get(channel) ?? []) {
      const { name } = listener.life
      if (this.#weather.losesPublication()) continue
      this.#network.arrive(this.#network.delayMs(), `${from.name} to ${name}`, () => {
        if (this.#listeners.get(channel)?.has(listener) !== true) return
        world.later(0, listener.life, () => listener.handler(payload))
      })
    }
  }

  #subscribe(channel: string, listener: Listener): Promise<Subscription> {
    const { world } = this.#network
    const close = () => void this.#listeners.get(channel)?.delete(listener)
    return new Promise((resolve) => {
      this.#network.arrive(this.#network.delayMs(), undefined, () => {
        const listeners = this.#listeners.get(channel) ?? new Set()
        this.#listeners.set(channel, listeners.add(listener))
        world.later(this.#network.delayMs(), listener.life, () => resolve({ close }))
      })
    })
  }
}
