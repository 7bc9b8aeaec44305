import type { AnyRow } from '../table.ts'

/** A row as written; `row` is undefined where it was deleted. */
export interface StoredRow {
  readonly row: AnyRow | undefined
  readonly writeTime: number
  /** Milliseconds since 1970; Infinity where it stays. */
  readonly expiresAtMs: number
}

/** Rows by key, with the keys in order. */
export class SortedRows {
  readonly #rows = new Map<string, StoredRow>()
  readonly #keys: string[] = []

  get(key: string): StoredRow | undefined {
    return this.#rows.get(key)
  }

  set(key: string, row: StoredRow): void {
    if (!this.#rows.has(key)) this.#keys.splice(this.#indexOf(key), 0, key)
    this.#rows.set(key, row)
  }

  /** Rows with `lower <= key < upper`, in either direction. */
  *between(lower: string, upper: string, descending: boolean): Generator<StoredRow> {
    const [from, to] = [this.#indexOf(lower), this.#indexOf(upper)]
    const keys = this.#keys.slice(from, to)
    if (descending) keys.reverse()
    for (const key of keys) yield this.#rows.get(key)!
  }

  all(): StoredRow[] {
    return [...this.#rows.values()]
  }

  /** Index of the first key that is not below `key`. */
  #indexOf(key: string): number {
    let low = 0
    let high = this.#keys.length
    if (high > 0 && this.#keys[high - 1]! < key) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#keys[middle]! < key) low = middle + 1
      else high = middle
    }
    return low
  }
}
