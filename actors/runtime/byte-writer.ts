const FIRST_BYTES = 1024
const MAX_NUMBER_BYTES = 9

/** Appends values to a buffer that grows. Whole numbers are of variable length, within ±2^53. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)
  #length = 0

  /** Starts anew; what `finish` gave stays valid. */
  reset(): this {
    this.#length = 0
    return this
  }

  /** Six bits and the sign, then seven bits a byte, the lowest first (shifts would cut at 32 bits). */
  number(value: number): void {
    if (!Number.isSafeInteger(value)) throw new Error('not a whole number')
    this.#reserve(MAX_NUMBER_BYTES)
    const size = Math.abs(value)
    let rest = Math.floor(size / 64)
    this.#bytes[this.#length++] = (size % 64) | (value < 0 ? 0x40 : 0) | (rest > 0 ? 0x80 : 0)
    while (rest > 0) {
      const more = Math.floor(rest / 128)
      this.#bytes[this.#length++] = (rest % 128) | (more > 0 ? 0x80 : 0)
      rest = more
    }
  }

  int64(value: bigint): void {
    this.#reserve(8)
    this.#length = this.#bytes.writeBigInt64LE(BigInt.asIntN(64, value), this.#length)
  }

  text(value: string): void {
    const size = Buffer.byteLength(value)
    this.number(size)
    this.#reserve(size)
    this.#length += this.#bytes.write(value, this.#length)
  }

  blob(value: Uint8Array): void {
    this.number(value.length)
    this.#reserve(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  /** What was written, valid until the next write. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** A copy of what was written. */
  finish(): Buffer {
    return Buffer.from(this.view())
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
