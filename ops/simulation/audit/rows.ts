import { deepStrictEqual } from 'node:assert/strict'
import type { AnyRow, TableDeclaration, Tables } from '@heliograph/storage'

/** One line of text for each row of a table, in an order of their own. */
export async function linesOf(tables: Tables, table: TableDeclaration): Promise<string[]> {
  const rows: AnyRow[] = []
  for await (const row of tables.scan(table)) rows.push(row)
  return asLines(table, rows)
}

/** Asserts that a table holds these rows and no others. */
export async function assertRows(
  tables: Tables,
  table: TableDeclaration,
  expected: Iterable<AnyRow>,
): Promise<void> {
  deepStrictEqual(await linesOf(tables, table), asLines(table, [...expected]), `rows of ${table.name}`)
}

function asLines({ name, columns }: TableDeclaration, rows: readonly AnyRow[]): string[] {
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
  const line = (row: AnyRow) =>
    Object.keys(columns).map((column) => JSON.stringify(row[column] ?? null, plain))
  return rows.map((row) => `${name} ${line(row).join(' ')}`).sort()
}
