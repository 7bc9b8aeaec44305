import type { Mutation, RangeOptions, RowKey, RowRef, TableDeclaration, Tables } from '@heliograph/storage'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import { Timed } from './timed.ts'

/** Tables, measured. */
export class MeasuredTables implements Tables {
  readonly #tables: Tables
  readonly #get
  readonly #getMany
  readonly #range
  readonly #apply
  readonly #rows

  constructor(tables: Tables, metrics: Metrics, log: Logger) {
    const timed = (operation: string) => new Timed(metrics, log, 'tables', operation)
    this.#tables = tables
    this.#get = timed('get')
    this.#getMany = timed('getMany')
    this.#range = timed('range')
    this.#apply = timed('apply')
    this.#rows = metrics.rows.with()
  }

  create(tables: readonly TableDeclaration[]) {
    return this.#tables.create(tables)
  }
  get<T extends TableDeclaration>(table: T, key: RowKey) {
    return this.#get.watch(this.#tables.get(table, key))
  }
  getMany(refs: readonly RowRef[]) {
    return this.#getMany.watch(this.#tables.getMany(refs))
  }
  range<T extends TableDeclaration>(table: T, partition: RowKey, options: RangeOptions) {
    return this.#range.watch(this.#tables.range(table, partition, options))
  }
  scan<T extends TableDeclaration>(table: T) {
    return this.#tables.scan(table)
  }
  apply(mutations: readonly Mutation[], writeTime: number) {
    this.#rows.add(mutations.length)
    return this.#apply.watch(this.#tables.apply(mutations, writeTime))
  }
  close() {
    return this.#tables.close()
  }
}
