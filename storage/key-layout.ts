import type { ColumnType, RowKey, TableDeclaration } from './table.ts'

/** Longest encoded row key. LMDB's limit, less room for a table's number. */
export const MAX_KEY_BYTES = 1900

const TERMINATOR = 0x01
const ESCAPED_ZERO = 0xff
/** A whole number within ±2^53 takes 7 bytes: 3 above its low 32 bits, made positive, and those. */
const HIGH_BYTES = 3
const HIGH_BIAS = 2 ** 22

const scratch = Buffer.allocUnsafe(MAX_KEY_BYTES + 4)

type Value = string | number | bigint
type Writer = (value: unknown, at: number) => number

/**
 * Row keys as bytes whose order is the order of the key columns' values: partition columns, then clustering columns.
 * Keys are handed out as latin1 strings, one character for each byte, which compare like the bytes.
 */
export class KeyLayout {
  readonly #names: readonly string[]
  readonly #writers: readonly Writer[]
  readonly #partitionColumns: number
  readonly #table: string

  constructor(table: TableDeclaration) {
    this.#table = table.name
    this.#names = [...table.partitionKey, ...table.clusteringKey]
    this.#partitionColumns = table.partitionKey.length
    this.#writers = this.#names.map((name) => writerOf(table, name))
  }

  /** Key of one row, from the row or from its key columns. */
  rowKey(values: Readonly<Record<string, unknown>>): string {
    let at = 0
    for (let i = 0; i < this.#names.length; i++) at = this.#write(i, values[this.#names[i]!], at)
    return scratch.toString('latin1', 0, at)
  }

  /** What the keys of a partition's rows start with. */
  partitionKey(values: Readonly<Record<string, unknown>>): string {
    let at = 0
    for (let i = 0; i < this.#partitionColumns; i++) at = this.#write(i, values[this.#names[i]!], at)
    return scratch.toString('latin1', 0, at)
  }

  /**
   * Bounds of a range: keys `>= lower` and `< upper`. `from` and `to` (inclusive) bound the first clustering column that
   * `partition` does not hold.
   */
  bounds(
    partition: RowKey,
    from: Value | undefined,
    to: Value | undefined,
  ): { lower: string; upper: string } {
    let column = 0
    let at = 0
    while (column < this.#names.length && partition[this.#names[column]!] !== undefined) {
      at = this.#write(column, partition[this.#names[column]!], at)
      column++
    }
    if (column < this.#partitionColumns)
      throw new Error(`${this.#table}: a range needs the whole partition key`)
    const prefix = scratch.toString('latin1', 0, at)
    const bound = (value: Value) => scratch.toString('latin1', 0, this.#write(column, value, at))
    const lower = from === undefined ? prefix : bound(from)
    return { lower, upper: afterPrefix(to === undefined ? prefix : bound(to)) }
  }

  #write(column: number, value: unknown, at: number): number {
    const writer = this.#writers[column]
    if (writer === undefined) throw new Error(`${this.#table} has no clustering column to bound`)
    const end = writer(value, at)
    if (end < 0) throw new Error(`${this.#table}: ${this.#names[column]} cannot be ${typeof value} ${at}`)
    return end
  }
}

/** The least key above all keys that start with `prefix`. */
function afterPrefix(prefix: string): string {
  const last = prefix.length - 1
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1)
}

function writerOf(table: TableDeclaration, name: string): Writer {
  const type = table.columns[name]
  const writer = type && writers[type]
  if (writer === undefined) throw new Error(`${table.name}: ${name} cannot be a key column`)
  return writer
}

/** Each gives the end of what it wrote, or -1 where the value is of another type or too long. */
const writers: Partial<Record<ColumnType, Writer>> = {
  int: (value, at) => {
    if (typeof value !== 'number') return -1
    return scratch.writeUInt32BE((value ^ 0x80000000) >>> 0, at)
  },
  bigint: (value, at) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return -1
    const high = Math.floor(value / 2 ** 32)
    scratch.writeUIntBE(high + HIGH_BIAS, at, HIGH_BYTES)
    return scratch.writeUInt32BE(value - high * 2 ** 32, at + HIGH_BYTES)
  },
  int64: (value, at) => {
    if (typeof value !== 'bigint') return -1
    return scratch.writeBigUInt64BE(BigInt.asUintN(64, value + 2n ** 63n), at)
  },
  text: (value, at) => (typeof value === 'string' ? writeText(value, at) : -1),
}

/** UTF-8 with every zero byte escaped (0, 255) and an end (0, 1) that sorts before any continuation. */
function writeText(value: string, at: number): number {
  let end = at
  for (const byte of Buffer.from(value, 'utf8')) {
    if (end + 4 > MAX_KEY_BYTES) return -1
    scratch[end++] = byte
    if (byte === 0) scratch[end++] = ESCAPED_ZERO
  }
  scratch[end++] = 0
  scratch[end++] = TERMINATOR
  return end
}
