/** The TL type `bytes` (core.telegram.org/mtproto/serialize): a length of 1 or 4 bytes, the data, zeros up to 4 bytes. */
const LONG_FORM = 254

export function tlBytes(data: Uint8Array): Buffer {
  const head = data.length < LONG_FORM ? 1 : 4
  const out = Buffer.alloc(Math.ceil((head + data.length) / 4) * 4)
  if (head === 1) out[0] = data.length
  else out.writeUInt32LE(((data.length << 8) | LONG_FORM) >>> 0, 0)
  out.set(data, head)
  return out
}

export interface TakenBytes {
  readonly data: Buffer
  /** Where the value ends, padding included. */
  readonly end: number
}

/** Reads `bytes` at an offset; undefined when they run beyond the end. The data is a view. */
export function takeTlBytes(from: Buffer, at: number): TakenBytes | undefined {
  if (at >= from.length) return undefined
  const long = from[at] === LONG_FORM
  if (long && at + 4 > from.length) return undefined
  const size = long ? from.readUIntLE(at + 1, 3) : from[at]!
  const start = at + (long ? 4 : 1)
  const end = at + Math.ceil((start - at + size) / 4) * 4
  return end <= from.length ? { data: from.subarray(start, start + size), end } : undefined
}

/** Reads a `Vector<long>` at an offset; undefined when it is none or has more than `limit` elements. */
export function takeLongs(from: Buffer, at: number, limit: number): bigint[] | undefined {
  if (at + 8 > from.length) return undefined
  const count = from.readUInt32LE(at + 4)
  if (count > limit || at + 8 + 8 * count > from.length) return undefined
  const values = new Array<bigint>(count)
  for (let i = 0; i < count; i++) values[i] = from.readBigInt64LE(at + 8 + 8 * i)
  return values
}
