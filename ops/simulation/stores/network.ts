import type { Timeline } from '../world/timeline.ts'

/** Most operations are quick; some are not. */
const QUICK_MS = 2
const SLOW_MS = 40
const SLOW_ONE_IN = 12

/** What lies between processes and stores: it takes its time, and keeps the order of each stream. */
export class Network {
  readonly world: Timeline
  /** By how much everything takes longer than usual. */
  slowness = 1
  readonly #lastArrivals = new Map<string, number>()

  constructor(world: Timeline) {
    this.world = world
  }

  /** How long something is on its way, in milliseconds. */
  delayMs(): number {
    const { random } = this.world
    const within = random.below(SLOW_ONE_IN) === 0 ? SLOW_MS : QUICK_MS
    return (random.below(1000) * within * this.slowness) / 1000
  }

  /** Lets something arrive, after what was sent on the same stream before. */
  arrive(delayMs: number, stream: string | undefined, act: () => void): void {
    let atMs = this.world.nowMs + delayMs
    if (stream !== undefined) {
      atMs = Math.max(atMs, this.#lastArrivals.get(stream) ?? 0)
      this.#lastArrivals.set(stream, atMs)
    }
    this.world.at(atMs, undefined, act)
  }
}
