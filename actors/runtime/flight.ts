import type { AnyRow } from '@heliograph/storage'
import { DurableTail } from './durable-tail.ts'

/** The rows that a batch has written, by `rowKeyOf`. */
export interface WrittenRows {
  /** Undefined for a row that the batch has not written. */
  wrote(id: string): { readonly row: AnyRow | undefined } | undefined
}

/**
 * Batches whose rows and consequences are on their way to the stores, while the next ones are already handled: what they
 * wrote is seen here before a store shows it. They land in the order in which they were handled.
 */
export class Flight {
  readonly #batches: WrittenRows[] = []
  readonly #tail: DurableTail

  /** @param maxBatches in flight at once */
  constructor(maxBatches: number) {
    this.#tail = new DurableTail(maxBatches, () => undefined)
  }

  /** What the last of them wrote into a row. */
  find(id: string): { readonly row: AnyRow | undefined } | undefined {
    for (let i = this.#batches.length - 1; i >= 0; i--) {
      const found = this.#batches[i]?.wrote(id)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Resolves when `landing` and all before have; rejects when one of them has failed, and so does every later one. */
  push(batch: WrittenRows, landing: Promise<void>): Promise<void> {
    this.#batches.push(batch)
    this.#tail.push(landing, () => this.#batches.shift())
    return this.#tail.drained()
  }

  /** Resolves when another batch may take off; undefined where it may already. */
  room(): Promise<void> | undefined {
    return this.#tail.room()
  }

  /** Resolves when nothing is in flight; undefined where nothing is. */
  landed(): Promise<void> | undefined {
    return this.#batches.length === 0 ? undefined : this.#tail.drained()
  }
}
