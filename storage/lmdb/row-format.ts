import type { AnyRow, TableDeclaration } from '../table.ts'
import { readVarint, reserve, type Sink, type Source, writeVarint } from './bytes.ts'
import { type Column, columns } from './columns.ts'

/** What stands in front of a row's columns. */
export interface RowStamp {
  readonly deleted: boolean
  readonly writeTime: number
  /** Milliseconds since 1970; Infinity where it stays. */
  readonly expiresAtMs: number
}

const DELETED = 1
const EXPIRES = 2
/** Rows are written one after the other into memory of this size, and stay there until LMDB has them. */
const SLAB_BYTES = 64 * 1024
/** With less than this left of it, a new one is begun; a longer row takes one of its own. */
const MIN_ROOM_BYTES = 4 * 1024

interface Named extends Column {
  readonly name: string
  readonly inKey: boolean
}

const sink: Sink = { bytes: Buffer.allocUnsafeSlow(SLAB_BYTES), at: 0 }
/** Where the row begins that is being written. */
let rowAt = 0
const source: Source = { bytes: sink.bytes, at: 0 }

/**
 * Rows as bytes: flags (1 byte), write time, expiry where there is one, a bit for each column that is not null, then
 * those columns in the order of the declaration. Key columns are in the key alone.
 */
export class RowFormat {
  readonly #table: string
  readonly #columns: readonly Named[]
  readonly #names: ReadonlySet<string>
  readonly #maskBytes: number

  constructor(table: TableDeclaration) {
    const keys = new Set([...table.partitionKey, ...table.clusteringKey])
    this.#table = table.name
    this.#names = new Set(Object.keys(table.columns))
    this.#columns = Object.entries(table.columns).map(([name, type]) => ({
      ...columns[type],
      name,
      inKey: keys.has(name),
    }))
    this.#maskBytes = Math.ceil((this.#columns.length - keys.size) / 8)
  }

  encode(row: AnyRow, writeTime: number, expiresAtMs: number): Buffer {
    this.#refuseUnknown(row)
    writeStamp(0, writeTime, expiresAtMs)
    const maskAt = sink.at
    reserve(sink, this.#maskBytes)
    for (let i = 0; i < this.#maskBytes; i++) sink.bytes[sink.at++] = 0
    let bit = 0
    for (const column of this.#columns) {
      if (column.inKey) continue
      const value = row[column.name]
      if (value !== null && value !== undefined) {
        sink.bytes[maskAt + (bit >> 3)]! |= 1 << (bit & 7)
        this.#write(column, value)
      }
      bit++
    }
    return written()
  }

  /** The row, its key columns taken from `key`. */
  decode(bytes: Buffer, key: Readonly<Record<string, unknown>>): AnyRow {
    readStamp(bytes)
    const maskAt = source.at
    source.at += this.#maskBytes
    const row: AnyRow = {}
    let bit = 0
    for (const column of this.#columns) {
      if (column.inKey) row[column.name] = key[column.name]
      else {
        const there = bytes[maskAt + (bit >> 3)]! & (1 << (bit & 7))
        row[column.name] = there ? column.read(source) : null
        bit++
      }
    }
    return row
  }

  /** As many columns as the row has keys: no key is unknown. Only otherwise is each looked up. */
  #refuseUnknown(row: AnyRow): void {
    let known = 0
    for (const { name } of this.#columns) if (row[name] !== undefined) known++
    for (const _ in row) known--
    if (known === 0) return
    for (const name in row) {
      if (!this.#names.has(name)) throw new Error(`table ${this.#table} has no column ${name}`)
    }
  }

  #write(column: Named, value: unknown): void {
    try {
      column.write(sink, value)
    } catch (error) {
      throw new TypeError(`${this.#table}.${column.name}: ${(error as Error).message}`)
    }
  }
}

/** A deleted row keeps its stamp, so that an older write cannot bring it back. */
export function tombstone(writeTime: number, expiresAtMs: number): Buffer {
  writeStamp(DELETED, writeTime, expiresAtMs)
  return written()
}

export function stampOf(bytes: Buffer): RowStamp {
  return readStamp(bytes)
}

function writeStamp(flags: number, writeTime: number, expiresAtMs: number): void {
  if (rowAt + MIN_ROOM_BYTES > SLAB_BYTES || sink.bytes.length > SLAB_BYTES) {
    sink.bytes = Buffer.allocUnsafeSlow(SLAB_BYTES)
    rowAt = 0
  }
  sink.at = rowAt
  const expires = expiresAtMs !== Infinity
  sink.bytes[sink.at++] = flags | (expires ? EXPIRES : 0)
  writeVarint(sink, writeTime)
  if (expires) writeVarint(sink, Math.ceil(expiresAtMs))
}

function readStamp(bytes: Buffer): RowStamp {
  source.bytes = bytes
  source.at = 1
  const flags = bytes[0]!
  const writeTime = readVarint(source)
  const expiresAtMs = flags & EXPIRES ? readVarint(source) : Infinity
  return { deleted: (flags & DELETED) !== 0, writeTime, expiresAtMs }
}

function written(): Buffer {
  const bytes = sink.bytes.subarray(rowAt, sink.at)
  rowAt = sink.at
  return bytes
}
