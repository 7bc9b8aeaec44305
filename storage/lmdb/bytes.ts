/** A growing buffer to write into, and a place to read from. Both are used by one synchronous call at a time. */
export interface Sink {
  bytes: Buffer
  at: number
}
export interface Source {
  bytes: Buffer
  at: number
}

const LOW_7_BITS = 0x7f
const MORE = 0x80
const TWO_32 = 2 ** 32
const MAX_VARINT_BYTES = 10

/** Makes room for `more` bytes. */
export function reserve(sink: Sink, more: number): void {
  if (sink.at + more <= sink.bytes.length) return
  const larger = Buffer.allocUnsafe(Math.max(sink.bytes.length * 2, sink.at + more))
  sink.bytes.copy(larger, 0, 0, sink.at)
  sink.bytes = larger
}

/** A whole number from 0 below 2^54, 7 bits in each byte, low bits first. */
export function writeVarint(sink: Sink, value: number): void {
  reserve(sink, MAX_VARINT_BYTES)
  while (value >= TWO_32) {
    sink.bytes[sink.at++] = (value % MORE) | MORE
    value = Math.floor(value / MORE)
  }
  let low = value >>> 0
  while (low > LOW_7_BITS) {
    sink.bytes[sink.at++] = (low & LOW_7_BITS) | MORE
    low >>>= 7
  }
  sink.bytes[sink.at++] = low
}

export function readVarint(source: Source): number {
  let byte = source.bytes[source.at++]!
  if (byte < MORE) return byte
  let value = byte & LOW_7_BITS
  for (let scale = MORE; byte >= MORE; scale *= MORE) {
    byte = source.bytes[source.at++]!
    value += (byte & LOW_7_BITS) * scale
  }
  return value
}

/** A whole number within ±2^53; small ones of either sign are short. */
export function writeSigned(sink: Sink, value: number): void {
  if (value >= 0 && value < TWO_32 / 4) return writeVarint(sink, value * 2)
  const magnitude = value < 0 ? -value : value
  if (magnitude < TWO_32 / 4) return writeVarint(sink, magnitude * 2 + 1)
  // The sign apart, since twice 2^53 has no exact double.
  writeVarint(sink, LARGE + (value < 0 ? 1 : 0))
  writeVarint(sink, magnitude)
}

export function readSigned(source: Source): number {
  const value = readVarint(source)
  if (value >= LARGE) return value > LARGE ? -readVarint(source) : readVarint(source)
  return value & 1 ? -(value >>> 1) : value >>> 1
}

/** Above every magnitude that is written doubled. */
const LARGE = TWO_32

export function writeBytes(sink: Sink, value: Uint8Array): void {
  writeVarint(sink, value.length)
  reserve(sink, value.length)
  sink.bytes.set(value, sink.at)
  sink.at += value.length
}

/** A copy. */
export function readBytes(source: Source): Buffer {
  const length = readVarint(source)
  const value = Buffer.allocUnsafe(length)
  source.bytes.copy(value, 0, source.at, source.at + length)
  source.at += length
  return value
}

const BYTES_PER_UTF16_UNIT = 3

export function writeText(sink: Sink, value: string): void {
  reserve(sink, MAX_VARINT_BYTES + value.length * BYTES_PER_UTF16_UNIT)
  const length = Buffer.byteLength(value)
  writeVarint(sink, length)
  sink.at += sink.bytes.write(value, sink.at, length, 'utf8')
}

export function readText(source: Source): string {
  const length = readVarint(source)
  source.at += length
  return source.bytes.toString('utf8', source.at - length, source.at)
}
