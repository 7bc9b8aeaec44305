import { deepStrictEqual } from 'node:assert/strict'
import type { AnyRow, TableDeclaration, Tables } from '@heliograph/storage'

/** One line of text for each row of a table, in an order of their own. */
export async function linesOf(tables: Tables, table: TableDeclaration): Promise<string[]> {
  return asLines(table, await rowsOf(tables, table))
}

/** Asserts that a table holds these rows and no others, of those that `isMeant` picks. */
export async function assertRows(
  tables: Tables,
  table: TableDeclaration,
  expected: Iterable<AnyRow>,
  isMeant?: (row: AnyRow) => boolean,
): Promise<void> {
  const rows = await rowsOf(tables, table)
  const meant = isMeant === undefined ? rows : rows.filter(isMeant)
  deepStrictEqual(asLines(table, meant), asLines(table, [...expected]), `rows of ${table.name}`)
}

/** The same, of these columns alone. */
export async function assertColumns(
  tables: Tables,
  table: TableDeclaration,
  columns: readonly string[],
  isMeant: (row: AnyRow) => boolean,
  expected: Iterable<AnyRow>,
): Promise<void> {
  const of = (row: AnyRow) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null]))
  const part = { ...table, columns: Object.fromEntries(columns.map((column) => [column, 'text' as const])) }
  const rows = (await rowsOf(tables, table)).filter(isMeant).map(of)
  deepStrictEqual(asLines(part, rows), asLines(part, [...expected].map(of)), `rows of ${table.name}`)
}

async function rowsOf(tables: Tables, table: TableDeclaration): Promise<AnyRow[]> {
  const rows: AnyRow[] = []
  for await (const row of tables.scan(table)) rows.push(row)
  return rows
}

function asLines({ name, columns }: TableDeclaration, rows: readonly AnyRow[]): string[] {
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
  const line = (row: AnyRow) =>
    Object.keys(columns).map((column) => JSON.stringify(row[column] ?? null, plain))
  return rows.map((row) => `${name} ${line(row).join(' ')}`).sort()
}
