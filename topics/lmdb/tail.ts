import type { StoredRecord } from '../log.ts'

/** Records of a partition that are kept in memory. */
export const MAX_TAIL_RECORDS = 2048
/** Bytes of their values. */
export const MAX_TAIL_BYTES = 1024 * 1024

/** The newest records of a partition that somebody has yet to read, without gaps, so that who follows the log never reads the disk. */
export class Tail {
  readonly #records = new Array<StoredRecord | undefined>(MAX_TAIL_RECORDS)
  #first: number
  #end: number
  #bytes = 0

  /** `end` is the offset of the next record. */
  constructor(end: number) {
    this.#first = end
    this.#end = end
  }

  /** Lowest offset that `at` may be asked for. */
  get first(): number {
    return this.#first
  }

  push(record: StoredRecord): void {
    while (this.#end - this.#first >= MAX_TAIL_RECORDS || this.#bytes > MAX_TAIL_BYTES) this.#dropFirst()
    this.#records[this.#end % MAX_TAIL_RECORDS] = record
    this.#end++
    this.#bytes += record.value.length
  }

  /** Forgets the records below `offset`. */
  dropUntil(offset: number): void {
    while (this.#first < offset && this.#first < this.#end) this.#dropFirst()
  }

  at(offset: number): StoredRecord {
    return this.#records[offset % MAX_TAIL_RECORDS]!
  }

  #dropFirst(): void {
    const index = this.#first++ % MAX_TAIL_RECORDS
    this.#bytes -= this.#records[index]!.value.length
    this.#records[index] = undefined
  }
}
