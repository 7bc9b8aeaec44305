import { types } from 'cassandra-driver'
import { KeyLayout } from '../key-layout.ts'
import type { AnyRow, TableDeclaration } from '../table.ts'
import { readConsistency } from './consistency.ts'
import * as cql from './cql.ts'
import type { Parameter } from './session.ts'
import { codecs, encodeBigint, encodeInt } from './values.ts'

interface Column {
  readonly name: string
  readonly encode: (value: unknown) => Buffer
  readonly decode: (value: unknown) => unknown
  /** In `absent`; 0 for a key column. */
  readonly bit: number
}

type Values = Readonly<Record<string, unknown>>
const NOTHING_ABSENT = encodeInt(0)

/** A declared table with its statements, and how its rows and keys become parameters and come back. */
export class StoredTable {
  readonly declaration: TableDeclaration
  readonly layout: KeyLayout
  readonly consistency: types.consistencies
  readonly insert: string
  readonly delete: string
  readonly selectRow: string
  readonly selectRows: string
  readonly selectAll: string
  readonly keys: readonly Column[]
  readonly #values: readonly Column[]
  readonly #inOrder: readonly Column[]
  readonly #keyspace: string
  readonly #ranges = new Map<string, string>()

  /** Throws where a table cannot be kept: too many columns, or one of the reserved name. */
  constructor(keyspace: string, declaration: TableDeclaration) {
    this.declaration = declaration
    this.#keyspace = keyspace
    const values = cql.valueColumns(declaration)
    if (values.length > cql.MAX_VALUE_COLUMNS || cql.ABSENT in declaration.columns) {
      throw new Error(
        `${declaration.name}: more than ${cql.MAX_VALUE_COLUMNS} columns, or one named ${cql.ABSENT}`,
      )
    }
    this.layout = new KeyLayout(declaration)
    this.consistency = readConsistency(declaration.name)
    this.insert = cql.insertRow(keyspace, declaration)
    this.delete = cql.deleteRow(keyspace, declaration)
    this.selectRow = cql.selectRow(keyspace, declaration)
    this.selectRows = cql.selectRows(keyspace, declaration)
    this.selectAll = cql.selectAll(keyspace, declaration)
    this.keys = cql.keyColumns(declaration).map((name) => columnOf(declaration, name, 0))
    this.#values = values.map((name, i) => columnOf(declaration, name, 1 << i))
    const all = [...this.keys, ...this.#values]
    this.#inOrder = Object.keys(declaration.columns).map((name) => all.find((each) => each.name === name)!)
  }

  /**
   * A Cassandra partition key of one text may not be empty, so such a row cannot be.
   * @param values a row or a key
   */
  hasEmptyPartition(values: Values): boolean {
    return this.declaration.partitionKey.length === 1 && values[this.declaration.partitionKey[0]!] === ''
  }

  /** Parameters of `insert`. Throws on a column that is not declared or a value of another type. */
  insertParameters(row: AnyRow, writeTime: Buffer): Parameter[] {
    for (const name in row) {
      if (this.declaration.columns[name] === undefined) {
        throw new Error(`table ${this.declaration.name} has no column ${name}`)
      }
    }
    const parameters: Parameter[] = []
    for (const column of this.keys) parameters.push(this.#encode(column, row[column.name]))
    let absent = 0
    for (const column of this.#values) {
      const value = row[column.name]
      if (value === null || value === undefined) {
        absent |= column.bit
        parameters.push(types.unset)
      } else parameters.push(this.#encode(column, value))
    }
    parameters.push(absent === 0 ? NOTHING_ABSENT : encodeInt(absent), writeTime)
    return parameters
  }

  deleteParameters(key: Values, writeTime: Buffer): Parameter[] {
    return [writeTime, ...this.keyParameters(key)]
  }

  /** The first `count` key columns, all unless told. */
  keyParameters(key: Values, count = this.keys.length): Buffer[] {
    const parameters: Buffer[] = []
    for (let i = 0; i < count; i++) {
      const column = this.keys[i] as Column
      parameters.push(this.#encode(column, key[column.name]))
    }
    return parameters
  }

  /** How many leading key columns `key` holds. Throws where the partition's are not among them. */
  fixedColumns(key: Values): number {
    let fixed = 0
    while (fixed < this.keys.length && key[this.keys[fixed]!.name] !== undefined) fixed++
    if (fixed < this.declaration.partitionKey.length) {
      throw new Error(`${this.declaration.name}: a range needs the whole partition key`)
    }
    return fixed
  }

  selectRange(shape: cql.RangeShape): string {
    const id = `${shape.fixed} ${shape.hasFrom} ${shape.hasTo} ${shape.descending}`
    let query = this.#ranges.get(id)
    if (query === undefined) {
      query = cql.selectRange(this.#keyspace, this.declaration, shape)
      this.#ranges.set(id, query)
    }
    return query
  }

  /** A row as the driver gives it. What an older write left in a column that the newest one left out is not seen. */
  decode(found: Values): AnyRow {
    const absent = found[cql.ABSENT] as number
    const row: AnyRow = {}
    for (const column of this.#inOrder) {
      const value = found[column.name]
      const isNull = value === null || (absent & column.bit) !== 0
      row[column.name] = isNull ? null : column.decode(value)
    }
    return row
  }

  #encode(column: Column, value: unknown): Buffer {
    try {
      return column.encode(value)
    } catch (error) {
      throw new TypeError(`${this.declaration.name}.${column.name}: ${(error as Error).message}`)
    }
  }
}

function columnOf(table: TableDeclaration, name: string, bit: number): Column {
  const { encode, decode } = codecs[table.columns[name]!]
  return { name, encode, decode, bit }
}

/** A write time as Cassandra's timestamp. */
export const encodeWriteTime = (writeTime: number): Buffer => encodeBigint(writeTime)
