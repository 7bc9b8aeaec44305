import { StoreUnavailable } from '../tables.ts'

/** Lets so many run at once; others wait in order, and beyond a bound are refused. */
export class Turns {
  readonly #atOnce: number
  readonly #maxWaiting: number
  readonly #waiting: (() => void)[] = []
  #next = 0
  #running = 0

  constructor(atOnce: number, maxWaiting: number) {
    this.#atOnce = atOnce
    this.#maxWaiting = maxWaiting
  }

  /** @throws StoreUnavailable where too many wait already */
  async take<T>(act: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) await this.#wait()
    else this.#running++
    try {
      return await act()
    } finally {
      this.#pass()
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length - this.#next >= this.#maxWaiting) {
      throw new StoreUnavailable(`more than ${this.#maxWaiting} requests wait for Cassandra`)
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** The turn goes to the one that waits longest. */
  #pass(): void {
    const next = this.#waiting[this.#next]
    if (next === undefined) {
      this.#running--
      return
    }
    this.#next++
    if (this.#next === this.#waiting.length) {
      this.#waiting.length = 0
      this.#next = 0
    }
    next()
  }
}
