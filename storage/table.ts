/** A table is declared once; CQL and the embedded layout both come from this. */
export type ColumnType =
  | 'text'
  | 'int'
  | 'bigint'
  | 'int64'
  | 'boolean'
  | 'blob'
  | 'list<int>'
  | 'list<bigint>'
  | 'list<text>'
/** `bigint` is a number within ±2^53 in JavaScript; `int64` is a JavaScript bigint. */
export type ColumnValue<T extends ColumnType> = T extends 'text'
  ? string
  : T extends 'int' | 'bigint'
    ? number
    : T extends 'int64'
      ? bigint
      : T extends 'boolean'
        ? boolean
        : T extends 'blob'
          ? Buffer
          : T extends 'list<int>' | 'list<bigint>'
            ? readonly number[]
            : T extends 'list<text>'
              ? readonly string[]
              : never

export interface TableDeclaration {
  readonly name: string
  readonly columns: Readonly<Record<string, ColumnType>>
  /** Rows with equal values of these live together. */
  readonly partitionKey: readonly string[]
  /** Order within a partition, ascending. May be empty: one row per partition. */
  readonly clusteringKey: readonly string[]
  /** Rows vanish this long after their last write. */
  readonly ttlSeconds?: number
}

/** All columns of a row; a column that may be absent is null. Rows are written whole. */
export type RowOf<T extends TableDeclaration> = {
  -readonly [K in keyof T['columns']]: ColumnValue<T['columns'][K]> | null
}
export type AnyRow = Record<string, unknown>
/** Values of the key columns (partition, then clustering; a prefix of the clustering key in ranges). */
export type RowKey = Readonly<Record<string, string | number | bigint>>

/** One row to look up. */
export interface RowRef {
  readonly table: TableDeclaration
  readonly key: RowKey
}

/** Whole-row write or delete. The highest `writeTime` of a row wins, a delete wins over a write of the same time. */
export type Mutation =
  | { readonly kind: 'upsert'; readonly table: TableDeclaration; readonly row: AnyRow }
  | { readonly kind: 'delete'; readonly table: TableDeclaration; readonly key: RowKey }
