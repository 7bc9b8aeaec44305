import type { ColumnType, TableDeclaration } from './table.ts'

/** Longest encoded row key. LMDB's limit, less room for a table's number. */
export const MAX_KEY_BYTES = 1900

/** Gives the end of what it wrote, or -1 where the value is of another type or too long. */
export type Writer = (value: unknown, at: number) => number
export type Reader = (bytes: Buffer, at: number) => { value: unknown; end: number }
interface KeyColumn {
  readonly write: Writer
  readonly read: Reader
}

/** Where keys are written, one at a time. */
export const scratch = Buffer.allocUnsafe(MAX_KEY_BYTES + 16)

const TERMINATOR = 0x01
const ESCAPED_ZERO = 0xff
const INT_BYTES = 4
const INT64_BYTES = 8
const SIGN = 0x80000000
const TWO_32 = 2 ** 32
/** A whole number within ±2^53 takes 7 bytes: 3 above its low 32 bits, made positive, and those. */
const HIGH_BYTES = 3
const HIGH_BIAS = 2 ** 22

/** How a key column is written so that bytes sort as values do. Throws for a type that no key may have. */
export function keyColumnOf(table: TableDeclaration, name: string): KeyColumn {
  const type = table.columns[name]
  const column = type && keyColumns[type]
  if (column === undefined) throw new Error(`${table.name}: ${name} cannot be a key column`)
  return column
}

const keyColumns: Partial<Record<ColumnType, KeyColumn>> = {
  int: {
    write: (value, at) => {
      if (typeof value !== 'number' || value !== (value | 0)) return -1
      return room(at) ? scratch.writeUInt32BE((value ^ SIGN) >>> 0, at) : -1
    },
    read: (bytes, at) => ({ value: bytes.readUInt32BE(at) ^ SIGN, end: at + INT_BYTES }),
  },
  bigint: {
    write: (value, at) => {
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || !room(at)) return -1
      const high = Math.floor(value / TWO_32)
      scratch.writeUIntBE(high + HIGH_BIAS, at, HIGH_BYTES)
      return scratch.writeUInt32BE(value - high * TWO_32, at + HIGH_BYTES)
    },
    read: (bytes, at) => {
      const high = bytes.readUIntBE(at, HIGH_BYTES) - HIGH_BIAS
      const lowAt = at + HIGH_BYTES
      return { value: high * TWO_32 + bytes.readUInt32BE(lowAt), end: lowAt + INT_BYTES }
    },
  },
  int64: {
    write: (value, at) => {
      if (typeof value !== 'bigint' || !room(at)) return -1
      return scratch.writeBigUInt64BE(BigInt.asUintN(64, value + 2n ** 63n), at)
    },
    read: (bytes, at) => ({ value: bytes.readBigUInt64BE(at) - 2n ** 63n, end: at + INT64_BYTES }),
  },
  text: { write: (value, at) => (typeof value === 'string' ? writeText(value, at) : -1), read: readText },
}

function room(at: number): boolean {
  return at + INT64_BYTES <= MAX_KEY_BYTES
}

/** UTF-8 with every zero byte escaped (0, 255) and an end (0, 1) that sorts before any continuation. */
function writeText(value: string, at: number): number {
  if (at + value.length * 3 + 2 > MAX_KEY_BYTES) return -1
  let end = at + scratch.write(value, at, 'utf8')
  if (value.includes('\0')) end = escapeZeros(at, end)
  if (end + 2 > MAX_KEY_BYTES) return -1
  scratch[end++] = 0
  scratch[end++] = TERMINATOR
  return end
}

function escapeZeros(from: number, to: number): number {
  const plain = Buffer.from(scratch.subarray(from, to))
  let end = from
  for (const byte of plain) {
    if (end + 2 > MAX_KEY_BYTES) return MAX_KEY_BYTES
    scratch[end++] = byte
    if (byte === 0) scratch[end++] = ESCAPED_ZERO
  }
  return end
}

function readText(bytes: Buffer, at: number): { value: string; end: number } {
  const parts: Buffer[] = []
  let from = at
  for (;;) {
    const zero = bytes.indexOf(0, from)
    if (zero < 0) throw new RangeError('a text in a key has no end')
    const escaped = bytes[zero + 1] === ESCAPED_ZERO
    parts.push(bytes.subarray(from, escaped ? zero + 1 : zero))
    from = zero + 2
    if (!escaped) return { value: Buffer.concat(parts).toString('utf8'), end: from }
  }
}
