/** null is a removal. */
export type OverlayEntry = readonly [key: string, value: Buffer | null]

/**
 * Writes that LMDB does not have yet. Keys that start alike are found together: the first `groupLength` characters of a
 * key are its group (a partition of a table or of the log), so that a range need not look at every write.
 */
export class Overlay {
  readonly entries = new Map<string, Buffer | null>()
  readonly #groups = new Map<string, string[]>()
  /** Keys that no range has asked for yet: most are gone before one does, and need not be put into groups. */
  #ungrouped: string[] = []
  #groupLengths: number[] = []

  get(key: string): Buffer | null | undefined {
    return this.entries.get(key)
  }

  set(key: string, value: Buffer | null, groupLength: number): void {
    const before = this.entries.size
    this.entries.set(key, value)
    if (this.entries.size === before) return
    this.#ungrouped.push(key)
    this.#groupLengths.push(groupLength)
  }

  /** Entries with `lower <= key < upper`, unordered: of one group, or (`groupLength` 0) of all. */
  between(lower: string, upper: string, groupLength: number): OverlayEntry[] {
    const found: OverlayEntry[] = []
    const keys = groupLength === 0 ? this.entries.keys() : this.#group(lower.slice(0, groupLength))
    for (const key of keys ?? []) {
      if (key >= lower && key < upper) found.push([key, this.entries.get(key)!])
    }
    return found
  }

  #group(name: string): readonly string[] | undefined {
    const keys = this.#ungrouped
    const lengths = this.#groupLengths
    this.#ungrouped = []
    this.#groupLengths = []
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!
      const group = key.slice(0, lengths[i])
      const others = this.#groups.get(group)
      if (others === undefined) this.#groups.set(group, [key])
      else others.push(key)
    }
    return this.#groups.get(name)
  }
}
