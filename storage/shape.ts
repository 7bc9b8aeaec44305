import type { AnyRow, TableDeclaration } from './table.ts'

/** What two declarations of one table must share. The time to live may change. */
export function shapeOf(table: TableDeclaration): string {
  return JSON.stringify([Object.entries(table.columns), table.partitionKey, table.clusteringKey])
}

/** A copy with every column, absent ones null. Throws on a column that the table does not have. */
export function wholeRow(table: TableDeclaration, row: AnyRow): AnyRow {
  const whole: AnyRow = {}
  for (const name in table.columns) whole[name] = row[name] ?? null
  for (const name in row) {
    if (!(name in whole)) throw new Error(`table ${table.name} has no column ${name}`)
  }
  return whole
}
