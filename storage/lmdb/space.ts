import type { Database } from 'lmdb'
import { Overlay, type OverlayEntry } from './overlay.ts'

/** Longest key that LMDB takes with its page size of 4 KiB. */
const MAX_LMDB_KEY_BYTES = 1978

/** The sets of an environment. A journal names them by their place here, so that the order may not change. */
export const SPACE_NAMES = ['rows', 'tables', 'keys', 'log', 'topics', 'commits', 'other'] as const
export type SpaceName = (typeof SPACE_NAMES)[number]

/** An entry of a range. `value` is valid until the next read of any space. */
export interface Entry {
  readonly key: string
  readonly value: Buffer
}

const keyScratch = Buffer.allocUnsafe(MAX_LMDB_KEY_BYTES)

/**
 * One ordered set of keys and values of an environment. Keys are latin1 strings, one character for each byte. Writes are
 * queued and seen at once: what is queued, and what is being committed, lies over what LMDB holds. null is a removal.
 */
export class Space {
  readonly #db: Database<Buffer, Buffer>
  readonly #queued: (key: string, value: Buffer | null) => void
  #pending = new Overlay()
  #committing = new Overlay()

  constructor(db: Database<Buffer, Buffer>, queued: (key: string, value: Buffer | null) => void) {
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

  /** The value if it was written so recently that LMDB does not have it yet. */
  queued(key: string): Buffer | undefined {
    let value = this.#pending.get(key)
    if (value === undefined) value = this.#committing.get(key)
    return value ?? undefined
  }

  /** The value as the caller's own. */
  copy(key: string): Buffer | undefined {
    let value = this.#pending.get(key)
    if (value === undefined) value = this.#committing.get(key)
    if (value === undefined) value = this.#db.getBinary(bytesOf(key)) ?? null
    return value === null ? undefined : Buffer.from(value)
  }

  /** Queues a write. The value must not change afterwards. `groupLength` as in `range`. */
  put(key: string, value: Buffer, groupLength = 0): void {
    this.#queued(key, value)
    this.#pending.set(key, value, groupLength)
  }

  remove(key: string, groupLength = 0): void {
    this.#queued(key, null)
    this.#pending.set(key, null, groupLength)
  }

  /**
   * Entries with `lower <= key < upper`, in either direction. The space must not be written to meanwhile. A range whose
   * keys all start with the same `groupLength` characters is found faster where they were written with that number.
   */
  *range(lower: string, upper: string, descending = false, groupLength = 0): Generator<Entry> {
    const overlay = this.#overlay(lower, upper, descending, groupLength)
    let next = 0
    for (const stored of this.stored(lower, upper, descending)) {
      while (next < overlay.length && before(overlay[next]![0], stored.key, descending)) {
        yield* present(overlay[next++]!)
      }
      if (next < overlay.length && overlay[next]![0] === stored.key) yield* present(overlay[next++]!)
      else yield stored
    }
    while (next < overlay.length) yield* present(overlay[next++]!)
  }

  /** Takes a write that the journal holds already. */
  restore(key: string, value: Buffer | null): void {
    this.#pending.set(key, value, 0)
  }

  /** Keys written since the last `freeze`. */
  get pendingKeys(): number {
    return this.#pending.entries.size
  }

  /** Sets apart what has been written so far, for `flush`. Only the environment calls this and the next two. */
  freeze(): void {
    this.#committing = this.#pending
    this.#pending = new Overlay()
  }

  /** Hands what is frozen to LMDB, within a batch: that one resolves with the commit. */
  flush(): void {
    for (const [key, value] of this.#committing.entries) {
      const bytes = bytesOf(key)
      if (value === null) void this.#db.remove(bytes)
      else void this.#db.put(bytes, value)
    }
  }

  /** What was flushed is in LMDB now. */
  settled(): void {
    this.#committing = new Overlay()
  }

  /** As `range`, of what LMDB holds alone: without the latest writes, but without looking at them. */
  *stored(lower: string, upper: string, descending = false): Generator<Entry> {
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

  #overlay(lower: string, upper: string, descending: boolean, groupLength: number): OverlayEntry[] {
    const found = this.#pending.between(lower, upper, groupLength)
    for (const entry of this.#committing.between(lower, upper, groupLength)) {
      if (this.#pending.get(entry[0]) === undefined) found.push(entry)
    }
    const direction = descending ? -1 : 1
    return found.sort(([a], [b]) => (a < b ? -direction : direction))
  }
}

function before(a: string, b: string, descending: boolean): boolean {
  return descending ? a > b : a < b
}

function* present([key, value]: OverlayEntry): Generator<Entry> {
  if (value !== null) yield { key, value }
}

/** Valid until the next call; LMDB's binding copies it at once. */
function bytesOf(key: string): Buffer {
  return keyScratch.subarray(0, keyScratch.write(key, 'latin1'))
}
