import { type PartitionSource, Waiters } from '../cursor.ts'
import {
  type Cursor,
  type LogRecord,
  type Offset,
  OffsetMismatch,
  type ReadLimits,
  type StoredRecord,
} from '../log.ts'
import { decodeBatch, encodeBatch } from './batch-format.ts'
import type { LogSpace } from './log-store.ts'
import { Tail } from './tail.ts'

const OFFSET_BYTES = 6
const MAX_OFFSET = '\u00ff'.repeat(OFFSET_BYTES)
const FIRST_OFFSET = '\0'.repeat(OFFSET_BYTES)

const scratch = Buffer.alloc(OFFSET_BYTES)

/** One partition: a batch for each append, keyed by the offset of its first record, and its newest records in memory. */
export class LmdbPartition implements PartitionSource {
  readonly waiters = new Waiters()
  readonly readers = new Set<Cursor>()
  readonly #space: LogSpace
  readonly #prefix: string
  readonly #tail: Tail
  #start: Offset
  #end: Offset

  /** `prefix` is what the keys of this partition start with, and no others. */
  constructor(space: LogSpace, prefix: string) {
    this.#space = space
    this.#prefix = prefix
    const [first] = this.#batches(FIRST_OFFSET, false)
    const [last] = this.#batches(MAX_OFFSET, true)
    this.#start = (first?.[0]?.offset ?? 0) as Offset
    this.#end = ((last?.at(-1)?.offset ?? -1) + 1) as Offset
    this.#tail = new Tail(this.#end)
  }

  get start(): Offset {
    return this.#start
  }

  get end(): Offset {
    return this.#end
  }

  append(records: readonly LogRecord[], expected: Offset | undefined): Offset {
    const first = this.#end
    if (expected !== undefined && expected !== first) {
      throw new OffsetMismatch(`the partition ends at ${first}, not ${expected}`)
    }
    if (records.length === 0) return first
    this.#space.put(this.#prefix + offsetKey(first), encodeBatch(records), this.#prefix.length)
    for (const { key, value, timestampMs } of records) {
      this.#tail.push({ key, value, timestampMs, offset: this.#end })
      this.#end = (this.#end + 1) as Offset
    }
    if (this.readers.size === 0) this.#tail.dropUntil(this.#end)
    this.waiters.wake()
    return first
  }

  read(from: Offset, limits: ReadLimits): readonly StoredRecord[] {
    if (from >= this.#end) {
      this.#forgetRead()
      return []
    }
    return from >= this.#tail.first ? this.#readTail(from, limits) : this.#readStore(from, limits)
  }

  /** Drops batches whose records are all older than `beforeMs`, but for the last; at most `limit`. Returns how many. */
  trim(beforeMs: number, limit: number): number {
    const dropped: number[] = []
    for (const batch of this.#batches(FIRST_OFFSET, false)) {
      this.#start = batch[0]!.offset
      const isLast = batch.at(-1)!.offset + 1 === this.#end
      if (isLast || batch.at(-1)!.timestampMs >= beforeMs || dropped.length >= limit) break
      dropped.push(batch[0]!.offset)
    }
    for (const first of dropped) this.#space.remove(this.#prefix + offsetKey(first), this.#prefix.length)
    return dropped.length
  }

  /** What every open cursor has behind it is not read again soon; the store has it. */
  #forgetRead(): void {
    let lowest: number = this.#end
    for (const { position } of this.readers) if (position < lowest) lowest = position
    this.#tail.dropUntil(lowest)
  }

  #readTail(from: number, limits: ReadLimits): readonly StoredRecord[] {
    const found: StoredRecord[] = []
    let bytes = 0
    for (let offset = from; offset < this.#end && found.length < limits.maxRecords; offset++) {
      const record = this.#tail.at(offset)
      bytes += record.value.length
      if (bytes > limits.maxBytes && found.length > 0) break
      found.push(record)
    }
    return found
  }

  #readStore(from: number, limits: ReadLimits): readonly StoredRecord[] {
    const found: StoredRecord[] = []
    let bytes = 0
    for (const batch of this.#batches(this.#batchOf(from), false)) {
      for (const record of batch) {
        if (record.offset < from) continue
        bytes += record.value.length
        if (found.length >= limits.maxRecords || (bytes > limits.maxBytes && found.length > 0)) return found
        found.push(record)
      }
    }
    return found
  }

  /** Key of the batch that holds an offset. */
  #batchOf(offset: number): string {
    for (const { key } of this.#space.range(
      this.#prefix + FIRST_OFFSET,
      this.#prefix + offsetKey(offset + 1),
      true,
      this.#prefix.length,
    )) {
      return key.slice(this.#prefix.length)
    }
    return offsetKey(offset)
  }

  /** Batches from (or, descending, to) a key. */
  *#batches(from: string, descending: boolean): Generator<StoredRecord[]> {
    const prefix = this.#prefix
    const [lower, upper] = descending ? [FIRST_OFFSET, from] : [from, MAX_OFFSET]
    for (const { key, value } of this.#space.range(
      prefix + lower,
      prefix + upper,
      descending,
      prefix.length,
    )) {
      yield decodeBatch(value, value.length, offsetOf(key.slice(this.#prefix.length)))
    }
  }
}

/** 6 bytes, big endian, as characters. */
function offsetKey(offset: number): string {
  scratch.writeUIntBE(offset, 0, OFFSET_BYTES)
  return scratch.toString('latin1')
}

function offsetOf(key: string): number {
  return Buffer.from(key, 'latin1').readUIntBE(0, OFFSET_BYTES)
}
