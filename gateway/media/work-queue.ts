import { floodWait } from '@heliograph/schemas/tl'
import { QUEUE_FULL_SECONDS } from './limits.ts'

/** Lets so many pieces of work run at once and so many wait; whoever finds it full gets FLOOD_WAIT. First come, first served. */
export class WorkQueue {
  readonly #concurrency: number
  readonly #places: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(concurrency: number, places: number) {
    this.#concurrency = concurrency
    this.#places = places
  }

  /** How many run or wait. */
  get depth(): number {
    return this.#running + this.#waiting.length
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter()
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#running < this.#concurrency) {
      this.#running += 1
      return
    }
    if (this.#waiting.length >= this.#places) throw floodWait(QUEUE_FULL_SECONDS)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** The place goes to the next one; nobody can come in between. */
  #leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#running -= 1
    else next()
  }
}
