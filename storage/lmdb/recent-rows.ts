/** Rows kept in each of the two generations. */
export const RECENT_ROWS = 2048

/**
 * Rows that were read of late, and keys that had none, as the store holds them: rows that every message reads and hardly any
 * writes (who blocks whom, who exists). Whoever writes a key must have it forgotten.
 */
export class RecentRows {
  #young = new Map<string, Buffer | null>()
  #old = new Map<string, Buffer | null>()

  /** null where the key is known to have no row, undefined where nothing is known. */
  get(key: string): Buffer | null | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.keep(key, old)
    return old
  }

  /** `row` must not change afterwards. */
  keep(key: string, row: Buffer | null): void {
    if (this.#young.size >= RECENT_ROWS) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, row)
  }

  forget(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
