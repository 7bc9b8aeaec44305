const WORD = 2 ** 32

/** Reads a response of the Kafka protocol, front to back. Numbers are big endian; 64-bit ones must be below 2^53. */
export class ByteReader {
  readonly bytes: Buffer
  at: number

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  int8(): number {
    this.at += 1
    return this.bytes.readInt8(this.at - 1)
  }

  int16(): number {
    this.at += 2
    return this.bytes.readInt16BE(this.at - 2)
  }

  int32(): number {
    this.at += 4
    return this.bytes.readInt32BE(this.at - 4)
  }

  uint32(): number {
    this.at += 4
    return this.bytes.readUInt32BE(this.at - 4)
  }

  int64(): number {
    return this.int32() * WORD + this.uint32()
  }

  /** Unsigned varint of at most 32 bits. */
  unsigned(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.#next()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
  }

  /** Zigzag varint of at most 53 bits. */
  signed(): number {
    const first = this.#next()
    if (first < 0x80) return (first >>> 1) ^ -(first & 1)
    let value = first & 0x7f
    for (let scale = 0x80; ; scale *= 0x80) {
      const byte = this.#next()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) break
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  take(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new RangeError('a response of the broker ends too early')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  skip(length: number): void {
    this.at += length
  }

  /** Fields that this client does not know (KIP-482). */
  skipTags(): void {
    for (let left = this.unsigned(); left > 0; left--) {
      this.unsigned()
      this.skip(this.unsigned())
    }
  }

  #next(): number {
    const byte = this.bytes[this.at++]
    if (byte === undefined) throw new RangeError('a response of the broker ends too early')
    return byte
  }
}
