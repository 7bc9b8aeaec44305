/** Reads what a `ByteWriter` wrote. Bytes that end too early or run on are an `Error` (a damaged store, never a client). */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  number(): number {
    let byte = this.#byte()
    const negative = (byte & 0x40) !== 0
    let value = byte & 0x3f
    for (let scale = 64; byte >= 0x80; scale *= 128) {
      byte = this.#byte()
      value += (byte & 0x7f) * scale
    }
    return negative ? -value : value
  }

  int64(): bigint {
    return this.#take(8).readBigInt64LE()
  }

  text(): string {
    return this.#take(this.number()).toString()
  }

  /** A copy, so that no store's buffer is kept alive or seen changing. */
  blob(): Buffer {
    return Buffer.from(this.#take(this.number()))
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new Error('state is followed by other bytes')
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new Error('state is cut short')
    return byte
  }

  #take(size: number): Buffer {
    const from = this.#at
    if (size < 0 || from + size > this.#bytes.length) throw new Error('state is cut short')
    this.#at = from + size
    return this.#bytes.subarray(from, this.#at)
  }
}
