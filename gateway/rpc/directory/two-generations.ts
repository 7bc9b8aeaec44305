const ignore = (): void => {}

/**
 * A map of at most `limit` entries that forgets what has not been used lately. Entries live in a young and an old
 * generation; a used one moves to the young, and when that holds half the limit the old one is dropped. Cheaper than a
 * list in order of use, since a young entry's use costs one look-up.
 */
export class TwoGenerations<K, V> {
  readonly #half: number
  readonly #dropped: (value: V) => void
  #young = new Map<K, V>()
  /** Undefined until the young one has been full once: there are as many of these maps as users, most of them small. */
  #old: Map<K, V> | undefined

  constructor(limit: number, dropped: (value: V) => void = ignore) {
    this.#half = Math.max(1, limit >> 1)
    this.#dropped = dropped
  }

  get size(): number {
    return this.#young.size + (this.#old?.size ?? 0)
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old?.get(key)
    if (old === undefined) return undefined
    this.#old?.delete(key)
    this.#add(key, old)
    return old
  }

  /** Looks without counting as use. */
  peek(key: K): V | undefined {
    return this.#young.get(key) ?? this.#old?.get(key)
  }

  set(key: K, value: V): void {
    this.#old?.delete(key)
    this.#add(key, value)
  }

  /** Removes without telling `dropped`. */
  delete(key: K): void {
    this.#young.delete(key)
    this.#old?.delete(key)
  }

  /** Drops everything. */
  clear(): void {
    for (const value of this.#young.values()) this.#dropped(value)
    for (const value of this.#old?.values() ?? []) this.#dropped(value)
    this.#young.clear()
    this.#old = undefined
  }

  #add(key: K, value: V): void {
    if (this.#young.size >= this.#half && !this.#young.has(key)) {
      for (const forgotten of this.#old?.values() ?? []) this.#dropped(forgotten)
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
