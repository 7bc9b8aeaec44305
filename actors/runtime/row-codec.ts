import type { AnyRow, ColumnType, TableDeclaration } from '@heliograph/storage'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

const ABSENT = 0
const PRESENT = 1

type Columns = TableDeclaration['columns']

const layouts = new WeakMap<TableDeclaration, string>()

/** The columns of a table as text, so that a row written under other columns can be read later. */
export function layoutOf(table: TableDeclaration): string {
  let layout = layouts.get(table)
  if (layout === undefined) {
    layout = Object.entries(table.columns)
      .map(([name, type]) => `${name}:${type}`)
      .join(' ')
    layouts.set(table, layout)
  }
  return layout
}

/** Writes the columns of a row in the order of their declaration. */
export function writeRow(to: ByteWriter, table: TableDeclaration, row: AnyRow): void {
  for (const column in table.columns) {
    const value = row[column]
    const absent = value === null || value === undefined
    to.number(absent ? ABSENT : PRESENT)
    if (!absent) writeValue(to, table.columns[column] as ColumnType, value)
  }
}

/** A row of `table` that was written under `layout`: a column that was not there, or of another type, is null. */
export function readRow(from: ByteReader, table: TableDeclaration, layout: string): AnyRow {
  if (layout === layoutOf(table)) return readColumns(from, table.columns)
  const columns = Object.fromEntries(layout.split(' ').map((column) => column.split(':'))) as Columns
  const old = readColumns(from, columns)
  const kept = (name: string) => (columns[name] === table.columns[name] ? old[name] : null)
  return Object.fromEntries(Object.keys(table.columns).map((name) => [name, kept(name)]))
}

function readColumns(from: ByteReader, columns: Columns): AnyRow {
  const row: AnyRow = {}
  for (const column in columns) {
    row[column] = from.number() === PRESENT ? readValue(from, columns[column] as ColumnType) : null
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
