import type { types } from 'cassandra-driver'
import type { ColumnType } from '../table.ts'

const TWO_32 = 2 ** 32
const INT_BYTES = 4
const BIGINT_BYTES = 8
const TRUE = Buffer.from([1])
const FALSE = Buffer.from([0])

/** How a column's value goes to Cassandra (bytes of the native protocol, version 4 section 6) and what the driver makes of it. */
export interface ColumnCodec {
  readonly cql: string
  /** Throws a TypeError on a value of another type. Never given null. */
  readonly encode: (value: unknown) => Buffer
  /** Never given null. */
  readonly decode: (value: unknown) => unknown
}

const asItIs = (value: unknown) => value

export function encodeInt(value: unknown): Buffer {
  if (typeof value !== 'number' || value !== (value | 0)) throw new TypeError(`not an int: ${typeof value}`)
  if (value >= 0 && value < SMALL_NUMBERS) return smallInts[value]!
  return intBytes(value)
}

function intBytes(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(INT_BYTES)
  bytes.writeInt32BE(value, 0)
  return bytes
}

/** A whole number within ±2^53 as 8 bytes. */
export function encodeBigint(value: unknown): Buffer {
  if (!Number.isSafeInteger(value)) throw new TypeError(`not a whole number: ${typeof value}`)
  const number = value as number
  if (number >= 0 && number < SMALL_NUMBERS) return smallBigints[number]!
  return bigintBytes(number)
}

function bigintBytes(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(BIGINT_BYTES)
  const high = Math.floor(value / TWO_32)
  bytes.writeInt32BE(high, 0)
  bytes.writeUInt32BE(value - high * TWO_32, INT_BYTES)
  return bytes
}

/** Most numbers of a row are small: flags, counts, what is 0 where there is none. Theirs are made once, and never written to. */
const SMALL_NUMBERS = 256
const smallInts = Array.from({ length: SMALL_NUMBERS }, (_, value) => intBytes(value))
const smallBigints = Array.from({ length: SMALL_NUMBERS }, (_, value) => bigintBytes(value))

export function encodeText(value: unknown): Buffer {
  if (typeof value !== 'string') throw new TypeError(`not a text: ${typeof value}`)
  return Buffer.from(value, 'utf8')
}

function encodeInt64(value: unknown): Buffer {
  const bytes = Buffer.allocUnsafe(BIGINT_BYTES)
  bytes.writeBigInt64BE(value as bigint, 0)
  return bytes
}

function encodeBoolean(value: unknown): Buffer {
  if (typeof value !== 'boolean') throw new TypeError(`not a boolean: ${typeof value}`)
  return value ? TRUE : FALSE
}

function encodeBlob(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value
  if (!(value instanceof Uint8Array)) throw new TypeError(`not a blob: ${typeof value}`)
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}

/** Items with their number in front, each with its length. */
export function encodeList(items: readonly Buffer[]): Buffer {
  let length = INT_BYTES
  for (const item of items) length += INT_BYTES + item.length
  const bytes = Buffer.allocUnsafe(length)
  let at = bytes.writeInt32BE(items.length, 0)
  for (const item of items) {
    at = bytes.writeInt32BE(item.length, at)
    at += item.copy(bytes, at)
  }
  return bytes
}

function listOf(
  cql: string,
  encode: (value: unknown) => Buffer,
  decode: (value: unknown) => unknown,
): ColumnCodec {
  return {
    cql: `frozen<list<${cql}>>`,
    encode: (value) => {
      if (!Array.isArray(value)) throw new TypeError(`not a list: ${typeof value}`)
      return encodeList(value.map(encode))
    },
    decode: (value) => (decode === asItIs ? value : (value as unknown[]).map(decode)),
  }
}

const toNumber = (value: unknown) => (value as types.Long).toNumber()
const toBigint = (value: unknown) => {
  const { high, low } = value as types.Long
  return (BigInt(high) << 32n) | BigInt(low >>> 0)
}

export const codecs: Readonly<Record<ColumnType, ColumnCodec>> = {
  text: { cql: 'text', encode: encodeText, decode: asItIs },
  int: { cql: 'int', encode: encodeInt, decode: asItIs },
  bigint: { cql: 'bigint', encode: encodeBigint, decode: toNumber },
  int64: { cql: 'bigint', encode: encodeInt64, decode: toBigint },
  boolean: { cql: 'boolean', encode: encodeBoolean, decode: asItIs },
  blob: { cql: 'blob', encode: encodeBlob, decode: asItIs },
  'list<int>': listOf('int', encodeInt, asItIs),
  'list<bigint>': listOf('bigint', encodeBigint, toNumber),
  'list<text>': listOf('text', encodeText, asItIs),
}
