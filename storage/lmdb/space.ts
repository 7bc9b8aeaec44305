import type { Database } from 'lmdb'

/** Longest key that LMDB takes with its page size of 4 KiB. */
const MAX_LMDB_KEY_BYTES = 1978

/** An entry of a range. `value` is valid until the next read of any space. */
export interface Entry {
  readonly key: string
  readonly value: Buffer
}

type Pending = Map<string, Buffer | null>

const keyScratch = Buffer.allocUnsafe(MAX_LMDB_KEY_BYTES)

/**
 * One ordered set of keys and values of an environment. Keys are latin1 strings, one character for each byte. Writes are
 * queued and seen at once: what is queued, and what is being committed, lies over what LMDB holds. null is a removal.
 */
export class Space {
  readonly #db: Database<Buffer, Buffer>
  readonly #queued: (bytes: number) => void
  #pending: Pending = new Map()
  #committing: Pending = new Map()

  constructor(db: Database<Buffer, Buffer>, queued: (bytes: number) => void) {
    this.#db = db
    this.#queued = queued
  }

  /** The value; valid until the next read. */
  get(key: string): Buffer | undefined {
    let value = this.#pending.get(key)
    if (value === undefined) value = this.#committing.get(key)
    if (value !== undefined) return value ?? undefined
    return this.#db.getBinaryFast(bytesOf(key))
  }

  /** The value as the caller's own. */
  copy(key: string): Buffer | undefined {
    let value = this.#pending.get(key)
    if (value === undefined) value = this.#committing.get(key)
    if (value === undefined) value = this.#db.getBinary(bytesOf(key)) ?? null
    return value === null ? undefined : Buffer.from(value)
  }

  /** Queues a write. The value must not change afterwards. */
  put(key: string, value: Buffer): void {
    this.#pending.set(key, value)
    this.#queued(key.length + value.length)
  }

  remove(key: string): void {
    this.#pending.set(key, null)
    this.#queued(key.length)
  }

  /** Entries with `lower <= key < upper`, in either direction. The space must not be written to meanwhile. */
  *range(lower: string, upper: string, descending = false): Generator<Entry> {
    const overlay = this.#overlay(lower, upper, descending)
    let next = 0
    for (const stored of this.#stored(lower, upper, descending)) {
      while (next < overlay.length && before(overlay[next]![0], stored.key, descending)) {
        yield* present(overlay[next++]!)
      }
      if (next < overlay.length && overlay[next]![0] === stored.key) yield* present(overlay[next++]!)
      else yield stored
    }
    while (next < overlay.length) yield* present(overlay[next++]!)
  }

  /** Hands the queue over to LMDB; returns what settles with the commit. Only the environment calls it. */
  flush(): Promise<boolean> | undefined {
    if (this.#pending.size === 0) return undefined
    this.#committing = this.#pending
    this.#pending = new Map()
    let committed: Promise<boolean> | undefined
    for (const [key, value] of this.#committing) {
      const bytes = bytesOf(key)
      const written = value === null ? this.#db.remove(bytes) : this.#db.put(bytes, value)
      committed ??= written
    }
    return committed
  }

  /** What was flushed is in LMDB now. Only the environment calls it. */
  settled(): void {
    if (this.#committing.size > 0) this.#committing = new Map()
  }

  *#stored(lower: string, upper: string, descending: boolean): Generator<Entry> {
    const [low, high] = [Buffer.from(lower, 'latin1'), Buffer.from(upper, 'latin1')]
    const options = descending ? { start: high, end: low, reverse: true } : { start: low, end: high }
    for (const { key, value } of this.#db.getRange(options)) {
      const text = key.toString('latin1')
      if (text >= lower && text < upper) yield { key: text, value }
    }
    // A descending range of LMDB leaves its end out.
    if (!descending) return
    const last = this.#db.getBinary(low)
    if (last !== undefined) yield { key: lower, value: last }
  }

  #overlay(lower: string, upper: string, descending: boolean): [string, Buffer | null][] {
    const found: [string, Buffer | null][] = []
    for (const entry of this.#pending) {
      if (entry[0] >= lower && entry[0] < upper) found.push(entry)
    }
    for (const entry of this.#committing) {
      if (entry[0] >= lower && entry[0] < upper && !this.#pending.has(entry[0])) found.push(entry)
    }
    const direction = descending ? -1 : 1
    return found.sort(([a], [b]) => (a < b ? -direction : direction))
  }
}

function before(a: string, b: string, descending: boolean): boolean {
  return descending ? a > b : a < b
}

function* present([key, value]: [string, Buffer | null]): Generator<Entry> {
  if (value !== null) yield { key, value }
}

/** Valid until the next call; LMDB's binding copies it at once. */
function bytesOf(key: string): Buffer {
  return keyScratch.subarray(0, keyScratch.write(key, 'latin1'))
}
