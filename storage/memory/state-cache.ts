import type { StateCache, Taken, TokenBucket } from '../state-cache.ts'
import { type BucketLevel, refillSeconds, takeTokens } from '../token-bucket.ts'

/** Entries kept at most; beyond it the oldest goes first. */
export const MAX_CACHE_ENTRIES = 500_000
/** Each write looks at so many of the oldest entries and drops the expired. */
const SWEPT_PER_WRITE = 2

interface Entry {
  readonly value: Buffer | number | BucketLevel
  readonly expiresAtMs: number
}

/** The cache of one process. `now` gives milliseconds since 1970. */
export class MemoryStateCache implements StateCache {
  readonly #entries = new Map<string, Entry>()
  readonly #now: () => number
  readonly #maxEntries: number
  #sweep: IterableIterator<[string, Entry]> | undefined

  constructor(now: () => number = Date.now, maxEntries = MAX_CACHE_ENTRIES) {
    this.#now = now
    this.#maxEntries = maxEntries
  }

  /** Entries held, expired ones not yet swept included. */
  get size(): number {
    return this.#entries.size
  }

  async get(key: string): Promise<Buffer | undefined> {
    return this.#bytes(key)
  }

  async getMany(keys: readonly string[]): Promise<(Buffer | undefined)[]> {
    return keys.map((key) => this.#bytes(key))
  }

  async set(key: string, value: Buffer, ttlSeconds: number): Promise<void> {
    this.#put(key, Buffer.from(value), this.#now() + ttlSeconds * 1000)
  }

  async add(key: string, value: Buffer, ttlSeconds: number): Promise<boolean> {
    if (this.#live(key) !== undefined) return false
    this.#put(key, Buffer.from(value), this.#now() + ttlSeconds * 1000)
    return true
  }

  async delete(key: string): Promise<void> {
    this.#entries.delete(key)
  }

  async increment(key: string, by: number, ttlSeconds: number): Promise<number> {
    const entry = this.#live(key)
    const before = typeof entry?.value === 'number' ? entry.value : 0
    this.#put(key, before + by, entry?.expiresAtMs ?? this.#now() + ttlSeconds * 1000)
    return before + by
  }

  async take(key: string, bucket: TokenBucket, cost: number): Promise<Taken> {
    const now = this.#now()
    const before = this.#live(key)?.value
    const { level, taken } = takeTokens(isLevel(before) ? before : undefined, bucket, cost, now)
    this.#put(key, level, now + refillSeconds(bucket) * 1000)
    return taken
  }

  async close(): Promise<void> {
    this.#entries.clear()
  }

  #bytes(key: string): Buffer | undefined {
    const value = this.#live(key)?.value
    if (typeof value === 'number') return Buffer.from(String(value))
    return Buffer.isBuffer(value) ? value : undefined
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && entry.expiresAtMs > this.#now() ? entry : undefined
  }

  #put(key: string, value: Entry['value'], expiresAtMs: number): void {
    this.#entries.set(key, { value, expiresAtMs })
    this.#sweepSome()
    if (this.#entries.size > this.#maxEntries) this.#entries.delete(this.#entries.keys().next().value!)
  }

  /** Goes round all entries, a few at each write, so that what has expired does not stay. */
  #sweepSome(): void {
    for (let i = 0; i < SWEPT_PER_WRITE; i++) {
      this.#sweep ??= this.#entries.entries()
      const { done, value } = this.#sweep.next()
      if (done) this.#sweep = undefined
      else if (value[1].expiresAtMs <= this.#now()) this.#entries.delete(value[0])
    }
  }
}

function isLevel(value: Entry['value'] | undefined): value is BucketLevel {
  return typeof value === 'object' && 'tokens' in value
}
