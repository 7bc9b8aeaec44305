/** First wait after a store has failed; each further one is twice as long, up to the longest. */
export const FIRST_RETRY_MS = 50
export const LONGEST_RETRY_MS = 5_000
/**
 * First wait after another process has announced itself as owner. It is the group that says who is the owner: whoever was
 * replaced learns so within a few heartbeats, and must not drive the new owner out before.
 */
export const FIRST_YIELD_MS = 1_500
/** Longer than any group's session time-out: after that a group has told everybody who is the owner. */
export const LONGEST_YIELD_MS = 15_000
/** An owner that has worked so long is well: its next failure is a first one. */
export const WELL_AFTER_MS = 10_000

/** What the next wait hangs on. */
export type Setback = 'failure' | 'rival'

/** Waits between the attempts of one owner to serve a partition: they double, are bounded, and have a jitter. */
export class Backoff {
  readonly #random: () => number
  #failures = 0
  #rivals = 0

  /** @param random a number from 0 to below 1 */
  constructor(random: () => number) {
    this.#random = random
  }

  /** Attempts that have failed in a row. */
  get attempts(): number {
    return this.#failures + this.#rivals
  }

  /** Milliseconds to wait after one more setback: between half of the step and all of it, for a rival up to one and a half. */
  next(setback: Setback): number {
    const jitter = this.#random()
    if (setback === 'rival') return step(FIRST_YIELD_MS, LONGEST_YIELD_MS, this.#rivals++) * (1 + jitter / 2)
    return (step(FIRST_RETRY_MS, LONGEST_RETRY_MS, this.#failures++) * (1 + jitter)) / 2
  }

  reset(): void {
    this.#failures = 0
    this.#rivals = 0
  }
}

function step(firstMs: number, longestMs: number, before: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(before, 30))
}
