import type { AnyRow, Mutation, RowKey, RowOf, RowRef, TableDeclaration } from './table.ts'

export interface RangeOptions {
  /** Bounds on the first clustering column, inclusive; in key order whatever `descending` says. */
  readonly from?: string | number | bigint
  readonly to?: string | number | bigint
  readonly descending?: boolean
  readonly limit: number
}

/** Wide-row tables. Reads see every write of this process whose `apply` has resolved, whether durable yet or not. */
export interface Tables {
  /** Creates what is missing; rejects when a table exists with another shape. */
  create(tables: readonly TableDeclaration[]): Promise<void>
  get<T extends TableDeclaration>(table: T, key: RowKey): Promise<RowOf<T> | undefined>
  /** One answer for each reference, in order. */
  getMany(refs: readonly RowRef[]): Promise<(AnyRow | undefined)[]>
  /** Rows of one partition (key holds the partition key, and optionally leading clustering columns), ordered. */
  range<T extends TableDeclaration>(table: T, partition: RowKey, options: RangeOptions): Promise<RowOf<T>[]>
  /** All rows of a table in no particular order; for replay, verification and shredding. */
  scan<T extends TableDeclaration>(table: T): AsyncIterable<RowOf<T>>
  /** Applies all; `writeTime` orders them against other writes of the same rows (microseconds-like, grows with the log). */
  apply(mutations: readonly Mutation[], writeTime: number): Promise<void>
  close(): Promise<void>
}

/**
 * Expected failure of any call to a store: it could not be reached, did not answer in time or refused for now. What was
 * asked for may or may not have been done; it may be asked for again.
 */
export class StoreUnavailable extends Error {}

/** Expected failure of `create`: the table exists with other columns or another key. */
export class TableMismatch extends Error {}
