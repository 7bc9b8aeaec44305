const TICK_MS = 10
/** A tick that comes later than this found the process, or the machine, stopped. */
const MAX_TICK_MS = 100

/**
 * The time that this process had, in milliseconds from its start: what it stood still for is not counted. For bounds of time on
 * what happens in this process alone, as a network that fails in it does.
 */
export class RunningClock {
  #lastMs = performance.now()
  #ranMs = 0
  readonly #ticking = setInterval(() => this.#tick(), TICK_MS)

  get ranMs(): number {
    this.#tick()
    return this.#ranMs
  }

  stop(): void {
    clearInterval(this.#ticking)
  }

  #tick(): void {
    const nowMs = performance.now()
    this.#ranMs += Math.min(nowMs - this.#lastMs, MAX_TICK_MS)
    this.#lastMs = nowMs
  }
}
