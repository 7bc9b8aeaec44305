import { Random } from '@heliograph/actors/simulation'
import { type Happening, Happenings } from './happenings.ts'
import type { Life } from './life.ts'
import { Trace } from './trace.ts'

/** When every world begins. */
export const START_MS = 1_800_000_000_000
/** More happenings than any run that ends needs. */
const MAX_HAPPENINGS = 400_000
/** The event loop's own, from before anything replaces it. */
const nextTurn = setImmediate

/** A world does not come to rest. */
export class Endless extends Error {}

/**
 * The world's time: one thing happens after the other, in an order that a seed decides, and between two of them everything
 * that follows at once has been done. Whose code runs is known, since nobody's code is called but by what happens to them.
 */
export class Timeline {
  readonly random: Random
  readonly trace: Trace
  /** Whose code runs now; undefined for the stores and the network. */
  current: Life | undefined
  #nowMs = START_MS
  #order = 0
  #count = 0
  readonly #happenings = new Happenings()

  constructor(seed: number, keepLines: boolean) {
    this.random = new Random(seed)
    this.trace = new Trace(keepLines)
  }

  get nowMs(): number {
    return this.#nowMs
  }

  /** What happened so far. */
  get count(): number {
    return this.#count
  }

  /** Unix milliseconds on the clock of whoever runs now. */
  clockMs(life: Life | undefined): number {
    return Math.floor(this.#nowMs + (life?.clockOffsetMs ?? 0))
  }

  /** Lets something happen to `owner` after `delayMs`, unless it is dead by then; later, if it is paused then. */
  later(delayMs: number, owner: Life | undefined, act: () => void): Happening {
    return this.at(this.#nowMs + delayMs, owner, act)
  }

  at(atMs: number, owner: Life | undefined, act: () => void): Happening {
    const happening = { atMs, order: ++this.#order, owner, act, cancelled: false }
    this.#happenings.add(happening)
    return happening
  }

  sleep(delayMs: number, owner: Life): Promise<void> {
    return new Promise((resolve) => this.later(delayMs, owner, resolve))
  }

  /** Ends a pause: what was missed happens now. */
  wake(life: Life): void {
    for (const { act, cancelled } of life.resume()) if (!cancelled) this.later(0, life, act)
  }

  /** Runs until `isDone`, which is asked after each happening. */
  async run(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      const happening = this.#happenings.take()
      if (happening === undefined) throw new Endless('nothing is left to happen, and not all is done')
      if (happening.cancelled || happening.owner?.dead === true) continue
      this.#nowMs = Math.max(this.#nowMs, happening.atMs)
      if (happening.owner?.paused === true) {
        happening.owner.hold(happening)
        continue
      }
      if (++this.#count > MAX_HAPPENINGS) throw new Endless(`more than ${MAX_HAPPENINGS} happenings`)
      this.current = happening.owner
      happening.act()
      await new Promise<void>((resolve) => void nextTurn(resolve))
      this.current = undefined
    }
  }
}
