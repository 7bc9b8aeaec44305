import type { AnyRow, RowKey, TableDeclaration } from '@heliograph/storage'

type Keyer = (row: RowKey | AnyRow) => string

const keyers = new WeakMap<TableDeclaration, Keyer>()

/** A string that is equal for two keys exactly when they name the same row. Takes a key or a whole row. */
export function rowKeyOf(table: TableDeclaration, row: RowKey | AnyRow): string {
  let keyer = keyers.get(table)
  if (keyer === undefined) {
    keyer = keyerOf(table)
    keyers.set(table, keyer)
  }
  return keyer(row)
}

function keyerOf(table: TableDeclaration): Keyer {
  const columns = [...table.partitionKey, ...table.clusteringKey]
  const last = columns.length - 1
  const prefix = `${table.name}|`
  return (row) => {
    let key = prefix
    for (let i = 0; i <= last; i++) {
      const value = row[columns[i] as string]
      // A text may hold the separator, so its length stands before it; a last text needs none.
      key +=
        i === last ? String(value) : typeof value === 'string' ? `${value.length}:${value}|` : `${value}|`
    }
    return key
  }
}
