/** Something that happens often is told at once, and then at most once in this time. */
export const COALESCE_MS = 500

/**
 * Runs what is to be done for a key at once, or where that was done a moment ago, once more when the time is over: with the
 * latest that was given. What is given in between is left out.
 */
export class Coalesced {
  readonly #waiting = new Map<string, (() => void) | undefined>()

  run(key: string, act: () => void): void {
    if (this.#waiting.has(key)) {
      this.#waiting.set(key, act)
      return
    }
    this.#begin(key)
    act()
  }

  #begin(key: string): void {
    this.#waiting.set(key, undefined)
    setTimeout(() => this.#over(key), COALESCE_MS).unref()
  }

  #over(key: string): void {
    const act = this.#waiting.get(key)
    this.#waiting.delete(key)
    if (act === undefined) return
    this.#begin(key)
    act()
  }
}
