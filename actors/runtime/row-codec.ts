import type { AnyRow, ColumnType, TableDeclaration } from '@heliograph/storage'
import { murmur2 } from '@heliograph/topics'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

const ABSENT = 0
const PRESENT = 1

const layouts = new WeakMap<TableDeclaration, number>()

/** A number that changes with a table's columns. */
function layoutOf(table: TableDeclaration): number {
  let layout = layouts.get(table)
  if (layout === undefined) {
    layout = murmur2(JSON.stringify(table.columns))
    layouts.set(table, layout)
  }
  return layout
}

/** Writes the columns of a row in the order of their declaration. */
export function writeRow(to: ByteWriter, table: TableDeclaration, row: AnyRow): void {
  to.number(layoutOf(table))
  for (const column in table.columns) {
    const value = row[column]
    const absent = value === null || value === undefined
    to.number(absent ? ABSENT : PRESENT)
    if (!absent) writeValue(to, table.columns[column] as ColumnType, value)
  }
}

/** Throws where the row was written under other columns. */
export function readRow(from: ByteReader, table: TableDeclaration): AnyRow {
  if (from.number() !== layoutOf(table)) throw new Error(`row of ${table.name} is of another layout`)
  const row: AnyRow = {}
  for (const column in table.columns) {
    const present = from.number() === PRESENT
    row[column] = present ? readValue(from, table.columns[column] as ColumnType) : null
  }
  return row
}

function writeValue(to: ByteWriter, type: ColumnType, value: unknown): void {
  switch (type) {
    case 'text':
      return to.text(value as string)
    case 'int':
    case 'bigint':
      return to.number(value as number)
    case 'int64':
      return to.int64(value as bigint)
    case 'boolean':
      return to.number(value === true ? 1 : 0)
    case 'blob':
      return to.blob(value as Buffer)
    case 'list<text>':
      return writeList(to, value as readonly string[], (item) => to.text(item))
    default:
      return writeList(to, value as readonly number[], (item) => to.number(item))
  }
}

function writeList<T>(to: ByteWriter, items: readonly T[], write: (item: T) => void): void {
  to.number(items.length)
  for (const item of items) write(item)
}

function readValue(from: ByteReader, type: ColumnType): unknown {
  switch (type) {
    case 'text':
      return from.text()
    case 'int':
    case 'bigint':
      return from.number()
    case 'int64':
      return from.int64()
    case 'boolean':
      return from.number() === 1
    case 'blob':
      return from.blob()
    case 'list<text>':
      return readList(from, () => from.text())
    default:
      return readList(from, () => from.number())
  }
}

function readList<T>(from: ByteReader, read: () => T): T[] {
  const items: T[] = []
  for (let left = from.number(); left > 0; left--) items.push(read())
  return items
}
