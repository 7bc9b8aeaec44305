import type { TableDeclaration } from '../table.ts'
import { codecs } from './values.ts'

/** Written with every row: which of its columns are null, one bit for each column outside the key in the order of their names. */
export const ABSENT = 'absent'
/** Bits of `absent`, an int whose sign is left alone. */
export const MAX_VALUE_COLUMNS = 31

/** An identifier as it is, capitals included. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const qualified = (keyspace: string, table: string): string => `${quoted(keyspace)}.${quoted(table)}`

export const keyColumns = (table: TableDeclaration): string[] => [
  ...table.partitionKey,
  ...table.clusteringKey,
]

/** Columns outside the key, in the order of their bits. */
export function valueColumns(table: TableDeclaration): string[] {
  const keys = new Set(keyColumns(table))
  return Object.keys(table.columns)
    .filter((name) => !keys.has(name))
    .sort()
}

/** CQL types of all columns as Cassandra keeps them, the hidden one included. */
export function columnTypes(table: TableDeclaration): Map<string, string> {
  const types = Object.entries(table.columns).map(([name, type]) => [name, codecs[type].cql] as const)
  return new Map([...types, [ABSENT, 'int']])
}

export function createTable(keyspace: string, table: TableDeclaration, id: string): string {
  const columns = [...columnTypes(table)].map(([name, type]) => `${quoted(name)} ${type}`)
  const partition = `(${table.partitionKey.map(quoted).join(', ')})`
  const key = [partition, ...table.clusteringKey.map(quoted)].join(', ')
  const ttl = table.ttlSeconds === undefined ? '' : ` AND default_time_to_live = ${table.ttlSeconds}`
  return `CREATE TABLE IF NOT EXISTS ${qualified(keyspace, table.name)} (${columns.join(', ')}, PRIMARY KEY (${key})) WITH ID = ${id}${ttl}`
}

/** Parameters: key columns, value columns, `absent`, write time. */
export function insertRow(keyspace: string, table: TableDeclaration): string {
  const columns = [...keyColumns(table), ...valueColumns(table), ABSENT]
  const marks = columns.map(() => '?').join(', ')
  return `INSERT INTO ${qualified(keyspace, table.name)} (${columns.map(quoted).join(', ')}) VALUES (${marks}) USING TIMESTAMP ?`
}

/** Parameters: write time, key columns. */
export function deleteRow(keyspace: string, table: TableDeclaration): string {
  return `DELETE FROM ${qualified(keyspace, table.name)} USING TIMESTAMP ? WHERE ${equal(keyColumns(table))}`
}

/** Parameters: key columns. */
export function selectRow(keyspace: string, table: TableDeclaration): string {
  return `${selectAll(keyspace, table)} WHERE ${equal(keyColumns(table))}`
}

/** Parameters: key columns but the last, then a list for that. */
export function selectRows(keyspace: string, table: TableDeclaration): string {
  const lead = keyColumns(table)
  const last = lead.pop() as string
  const conditions = [...lead.map((name) => `${quoted(name)} = ?`), `${quoted(last)} IN ?`]
  return `${selectAll(keyspace, table)} WHERE ${conditions.join(' AND ')}`
}

export interface RangeShape {
  /** Key columns that are given. */
  readonly fixed: number
  readonly hasFrom: boolean
  readonly hasTo: boolean
  readonly descending: boolean
}

/** Parameters: the fixed key columns, the bounds that there are, the limit. */
export function selectRange(keyspace: string, table: TableDeclaration, shape: RangeShape): string {
  const names = keyColumns(table)
  const conditions = names.slice(0, shape.fixed).map((name) => `${quoted(name)} = ?`)
  const bounded = names[shape.fixed]
  if (shape.hasFrom) conditions.push(`${quoted(bounded as string)} >= ?`)
  if (shape.hasTo) conditions.push(`${quoted(bounded as string)} <= ?`)
  const [first] = table.clusteringKey
  const order = shape.descending && first !== undefined ? ` ORDER BY ${quoted(first)} DESC` : ''
  return `${selectAll(keyspace, table)} WHERE ${conditions.join(' AND ')}${order} LIMIT ?`
}

export function selectAll(keyspace: string, table: TableDeclaration): string {
  const columns = [...columnTypes(table).keys()].map(quoted).join(', ')
  return `SELECT ${columns} FROM ${qualified(keyspace, table.name)}`
}

function equal(names: readonly string[]): string {
  return names.map((name) => `${quoted(name)} = ?`).join(' AND ')
}
