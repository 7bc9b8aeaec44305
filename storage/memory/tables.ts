import { KeyLayout } from '../key-layout.ts'
import { shapeOf, wholeRow } from '../shape.ts'
import type { AnyRow, Mutation, RowKey, RowOf, RowRef, TableDeclaration } from '../table.ts'
import { type RangeOptions, TableMismatch, type Tables } from '../tables.ts'
import { SortedRows, type StoredRow } from './sorted-rows.ts'

/** A step of the tables, as a fault injector sees it. */
export interface TablesStep {
  readonly operation: 'create' | 'get' | 'range' | 'apply'
  readonly when: 'before' | 'after'
}
export type TablesFault = (step: TablesStep) => Promise<void>

interface MemoryTable {
  readonly declaration: TableDeclaration
  readonly layout: KeyLayout
  readonly partitions: Map<string, SortedRows>
}

/** What outlives a `MemoryTables`: the stand-in for a disk. */
export class MemoryTablesState {
  readonly tables = new Map<string, MemoryTable>()
}

/** Tables in memory. `now` gives milliseconds since 1970. */
export class MemoryTables implements Tables {
  readonly #state: MemoryTablesState
  readonly #fault: TablesFault | undefined
  readonly #now: () => number

  constructor(state = new MemoryTablesState(), now: () => number = Date.now, fault?: TablesFault) {
    this.#state = state
    this.#now = now
    this.#fault = fault
  }

  create(tables: readonly TableDeclaration[]): Promise<void> {
    return this.#step('create', () => {
      for (const declaration of tables) this.#create(declaration)
    })
  }

  get<T extends TableDeclaration>(table: T, key: RowKey): Promise<RowOf<T> | undefined> {
    return this.#step('get', () => this.#find(table, key) as RowOf<T> | undefined)
  }

  getMany(refs: readonly RowRef[]): Promise<(AnyRow | undefined)[]> {
    return this.#step('get', () => refs.map((ref) => this.#find(ref.table, ref.key)))
  }

  range<T extends TableDeclaration>(table: T, partition: RowKey, options: RangeOptions): Promise<RowOf<T>[]> {
    return this.#step('range', () => {
      const { layout, partitions } = this.#table(table)
      const { lower, upper } = layout.bounds(partition, options.from, options.to)
      const rows = partitions.get(layout.partitionKey(partition))
      const found: RowOf<T>[] = []
      for (const stored of rows?.between(lower, upper, options.descending ?? false) ?? []) {
        if (found.length >= options.limit) break
        const row = this.#live(stored)
        if (row !== undefined) found.push({ ...row } as RowOf<T>)
      }
      return found
    })
  }

  async *scan<T extends TableDeclaration>(table: T): AsyncIterable<RowOf<T>> {
    for (const rows of [...this.#table(table).partitions.values()]) {
      for (const stored of rows.all()) {
        const row = this.#live(stored)
        if (row !== undefined) yield { ...row } as RowOf<T>
      }
    }
  }

  apply(mutations: readonly Mutation[], writeTime: number): Promise<void> {
    return this.#step('apply', () => {
      for (const mutation of mutations) this.#apply(mutation, writeTime)
    })
  }

  async close(): Promise<void> {}

  #create(declaration: TableDeclaration): void {
    const known = this.#state.tables.get(declaration.name)
    if (known === undefined) {
      const layout = new KeyLayout(declaration)
      this.#state.tables.set(declaration.name, { declaration, layout, partitions: new Map() })
    } else if (shapeOf(known.declaration) !== shapeOf(declaration)) {
      throw new TableMismatch(`table ${declaration.name} exists with another shape`)
    }
  }

  #table(declaration: TableDeclaration): MemoryTable {
    const table = this.#state.tables.get(declaration.name)
    if (table === undefined) throw new Error(`no table ${declaration.name}`)
    return table
  }

  #find(declaration: TableDeclaration, key: RowKey): AnyRow | undefined {
    const { layout, partitions } = this.#table(declaration)
    const stored = partitions.get(layout.partitionKey(key))?.get(layout.rowKey(key))
    const row = stored && this.#live(stored)
    return row && { ...row }
  }

  #live(stored: StoredRow): AnyRow | undefined {
    return stored.expiresAtMs > this.#now() ? stored.row : undefined
  }

  #apply(mutation: Mutation, writeTime: number): void {
    const { layout, partitions } = this.#table(mutation.table)
    const values = mutation.kind === 'upsert' ? mutation.row : mutation.key
    const partition = layout.partitionKey(values)
    let rows = partitions.get(partition)
    if (rows === undefined) {
      rows = new SortedRows()
      partitions.set(partition, rows)
    }
    const key = layout.rowKey(values)
    const before = rows.get(key)
    if (before !== undefined && !wins(mutation, writeTime, before)) return
    const row = mutation.kind === 'upsert' ? wholeRow(mutation.table, mutation.row) : undefined
    const { ttlSeconds } = mutation.table
    const expiresAtMs = ttlSeconds === undefined ? Infinity : this.#now() + ttlSeconds * 1000
    rows.set(key, { row, writeTime, expiresAtMs })
  }

  async #step<T>(operation: TablesStep['operation'], act: () => T): Promise<T> {
    if (this.#fault === undefined) return act()
    await this.#fault({ operation, when: 'before' })
    const result = act()
    await this.#fault({ operation, when: 'after' })
    return result
  }
}

function wins(mutation: Mutation, writeTime: number, before: StoredRow): boolean {
  if (writeTime !== before.writeTime) return writeTime > before.writeTime
  return mutation.kind === 'delete' || before.row !== undefined
}
