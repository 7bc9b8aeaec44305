import type { DataKey, KeyScope } from './keyring.ts'

/** Keys kept at hand; the one that was fetched first goes first. */
export const MAX_CACHED_KEYS = 200_000

interface Entry {
  readonly dataKey: DataKey
  readonly untilMs: number
}

/** Data keys at hand, each for a bounded time where other processes may shred them. */
export class KeyCache {
  readonly #entries = new Map<KeyScope, Entry>()
  readonly #maxAgeMs: number
  readonly #nowMs: () => number
  #forgotten = 0

  constructor(maxAgeMs: number, nowMs: () => number) {
    this.#maxAgeMs = maxAgeMs
    this.#nowMs = nowMs
  }

  get(scope: KeyScope): DataKey | undefined {
    const entry = this.#entries.get(scope)
    if (entry === undefined) return undefined
    if (entry.untilMs === Infinity || entry.untilMs > this.#nowMs()) return entry.dataKey
    this.#entries.delete(scope)
    return undefined
  }

  /** To be asked before a key is read from the store, and given to `put`. */
  get mark(): number {
    return this.#forgotten
  }

  /** Keeps a key, unless one was forgotten since `mark`: it may be this one, read before it was shredded. */
  put(dataKey: DataKey, mark: number): void {
    if (mark !== this.#forgotten) return
    if (this.#entries.size >= MAX_CACHED_KEYS) this.#entries.delete(this.#entries.keys().next().value!)
    const untilMs = this.#maxAgeMs === Infinity ? Infinity : this.#nowMs() + this.#maxAgeMs
    this.#entries.set(dataKey.scope, { dataKey, untilMs })
  }

  forget(scope: KeyScope): void {
    this.#forgotten++
    this.#entries.delete(scope)
  }
}
