import { keyColumnOf, type Reader, scratch, type Writer } from './key-column.ts'
import type { RowKey, TableDeclaration } from './table.ts'

type Value = string | number | bigint

const LARGEST_BYTE = 0xff

/**
 * Row keys as bytes whose order is the order of the key columns' values: partition columns, then clustering columns.
 * Keys are handed out as latin1 strings, one character for each byte, which compare like the bytes.
 */
export class KeyLayout {
  readonly #names: readonly string[]
  readonly #writers: readonly Writer[]
  readonly #readers: readonly Reader[]
  readonly #partitionColumns: number
  readonly #table: string
  #partitionLength = 0

  constructor(table: TableDeclaration) {
    this.#table = table.name
    this.#names = [...table.partitionKey, ...table.clusteringKey]
    this.#partitionColumns = table.partitionKey.length
    const formats = this.#names.map((name) => keyColumnOf(table, name))
    this.#writers = formats.map(({ write }) => write)
    this.#readers = formats.map(({ read }) => read)
  }

  /** Key of one row, from the row or from its key columns. */
  rowKey(values: Readonly<Record<string, unknown>>): string {
    let at = 0
    for (let i = 0; i < this.#names.length; i++) {
      if (i === this.#partitionColumns) this.#partitionLength = at
      at = this.#write(i, values[this.#names[i]!], at)
    }
    if (this.#names.length === this.#partitionColumns) this.#partitionLength = at
    return scratch.toString('latin1', 0, at)
  }

  /** How much of the last `rowKey` is the partition's. */
  get partitionLength(): number {
    return this.#partitionLength
  }

  /** The key columns of a row, from its key without whatever stands in front of it (`from`). */
  columnsOf(key: string, from = 0): Record<string, unknown> {
    const bytes = Buffer.from(key, 'latin1')
    const columns: Record<string, unknown> = {}
    let at = from
    for (let i = 0; i < this.#names.length; i++) {
      const { value, end } = this.#readers[i]!(bytes, at)
      columns[this.#names[i]!] = value
      at = end
    }
    return columns
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

/** The least key above all keys that start with `prefix`. A last byte of 255 cannot be raised: the one before it is. */
function afterPrefix(prefix: string): string {
  let last = prefix.length - 1
  while (last >= 0 && prefix.charCodeAt(last) === LARGEST_BYTE) last--
  if (last < 0) throw new Error('a key of nothing but largest bytes has no end')
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1)
}
