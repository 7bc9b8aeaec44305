/** null is a removal. */
export type OverlayEntry = readonly [key: string, value: Buffer | null]

/**
 * Writes that LMDB does not have yet. Keys that start alike are found together: the first `groupLength` characters of a
 * key are its group (a partition of a table or of the log), so that a range need not look at every write.
 */
export class Overlay {
  readonly entries = new Map<string, Buffer | null>()
  readonly #groups = new Map<string, string[]>()

  get(key: string): Buffer | null | undefined {
    return this.entries.get(key)
  }

  set(key: string, value: Buffer | null, groupLength: number): void {
    const before = this.entries.size
    this.entries.set(key, value)
    if (this.entries.size === before) return
    const group = key.slice(0, groupLength)
    const keys = this.#groups.get(group)
    if (keys === undefined) this.#groups.set(group, [key])
    else keys.push(key)
  }

  /** Entries with `lower <= key < upper`, unordered: of one group, or (`groupLength` 0) of all. */
  between(lower: string, upper: string, groupLength: number): OverlayEntry[] {
    const found: OverlayEntry[] = []
    const keys = groupLength === 0 ? this.entries.keys() : this.#groups.get(lower.slice(0, groupLength))
    for (const key of keys ?? []) {
      if (key >= lower && key < upper) found.push([key, this.entries.get(key)!])
    }
    return found
  }
}
