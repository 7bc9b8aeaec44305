import { KeyLayout } from '../key-layout.ts'
import { shapeOf } from '../shape.ts'
import type { TableDeclaration } from '../table.ts'
import { TableMismatch } from '../tables.ts'
import { RowFormat } from './row-format.ts'
import type { Space } from './space.ts'

/** A table as it is kept. */
export interface StoredTable {
  /** One character that all its keys start with: the table's number. */
  readonly prefix: string
  /** The least key above all of them. */
  readonly afterPrefix: string
  readonly layout: KeyLayout
  readonly format: RowFormat
  readonly ttlMs: number | undefined
}

const MAX_TABLES = 250
const AFTER_NAMES = '\u00ff'

/** Numbers tables, and remembers their shapes. */
export class TableCatalogue {
  readonly #space: Space
  readonly #tables = new Map<string, StoredTable>()
  readonly #byPrefix = new Map<string, StoredTable>()

  constructor(space: Space) {
    this.#space = space
  }

  /** Throws `TableMismatch` where the table exists with another shape. */
  create(table: TableDeclaration): void {
    const shape = shapeOf(table)
    const kept = this.#space.copy(table.name)
    if (kept !== undefined && kept.toString('utf8', 1) !== shape) {
      throw new TableMismatch(`table ${table.name} exists with another shape`)
    }
    const number = kept?.[0] ?? this.#keep(table.name, shape)
    const stored: StoredTable = {
      prefix: String.fromCharCode(number),
      afterPrefix: String.fromCharCode(number + 1),
      layout: new KeyLayout(table),
      format: new RowFormat(table),
      ttlMs: table.ttlSeconds === undefined ? undefined : table.ttlSeconds * 1000,
    }
    this.#tables.set(table.name, stored)
    this.#byPrefix.set(stored.prefix, stored)
  }

  of(table: TableDeclaration): StoredTable {
    const stored = this.#tables.get(table.name)
    if (stored === undefined) throw new Error(`no table ${table.name}`)
    return stored
  }

  /** How much of a key is its table's and its partition's. Of a table that is no longer declared, all of it. */
  groupLengthOf(key: string): number {
    const stored = this.#byPrefix.get(key[0]!)
    if (stored === undefined) return key.length
    return stored.prefix.length + stored.layout.partitionKey(stored.layout.columnsOf(key, 1)).length
  }

  /** Numbers are given in the order of creation, from 1. */
  #keep(name: string, shape: string): number {
    let number = 1
    for (const { value } of this.#space.range('\0', AFTER_NAMES)) number = Math.max(number, value[0]! + 1)
    if (number > MAX_TABLES) throw new Error(`at most ${MAX_TABLES} tables`)
    this.#space.put(name, Buffer.concat([Buffer.from([number]), Buffer.from(shape)]))
    return number
  }
}
