import type { Random } from '@heliograph/actors/simulation'

/** A participant has been ended in the middle of what it did. */
export class Ended extends Error {}

/** Lets those who act go on one at a time, in an order that a seed decides, and ends some of them anywhere. */
export class Turns {
  readonly #random: Random
  #waiting: { readonly go: () => void; readonly end: () => void }[] = []

  constructor(random: Random) {
    this.#random = random
  }

  /** Resolves when it is the caller's turn; rejects with `Ended` where its process ends here. */
  next(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ go: resolve, end: () => reject(new Ended('ended')) })
    })
  }

  /** Gives turns until nobody waits any more; one in `endOneIn` ends whoever has it (0: none). */
  async run(endOneIn: number, between: () => void = () => undefined): Promise<void> {
    for (;;) {
      // Whoever acts does so until it waits for its next turn: that takes a few turns of the event loop.
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
      if (this.#waiting.length === 0) return
      const [{ go, end } = { go() {}, end() {} }] = this.#waiting.splice(
        this.#random.below(this.#waiting.length),
        1,
      )
      between()
      if (endOneIn > 0 && this.#random.below(endOneIn) === 0) end()
      else go()
    }
  }
}
