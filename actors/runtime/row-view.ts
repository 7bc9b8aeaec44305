import type { AnyRow, Mutation, RowKey, RowOf, RowRef, TableDeclaration, Tables } from '@heliograph/storage'
import type { Rows } from './decider.ts'
import type { RowCache } from './row-cache.ts'
import { rowKeyOf } from './row-key.ts'

/** What a row was before a batch wrote it; `row` undefined where there was none. */
export interface RowImage {
  /** As `rowKeyOf` gives it. */
  readonly id: string
  readonly table: TableDeclaration
  readonly row: AnyRow | undefined
}
/** Rows to see instead of what storage holds: `find` tells undefined for rows that are not meant. */
export interface RowImages {
  find(id: string, table: TableDeclaration): { readonly row: AnyRow | undefined } | undefined
}

/** The rows of one batch: what storage holds, with what the batch has written so far laid over it. */
export class RowView implements Rows {
  readonly #cache: RowCache
  readonly #images: RowImages | undefined
  readonly #rows = new Map<string, AnyRow | undefined>()
  readonly #written = new Map<string, Mutation>()
  readonly #before: RowImage[] = []

  constructor(cache: RowCache, images?: RowImages) {
    this.#cache = cache
    this.#images = images
  }

  /** Makes the rows of `refs` readable: one read for all that are not known yet, or undefined where none is needed. */
  load(tables: Tables, refs: readonly RowRef[]): Promise<void> | undefined {
    const missing: RowRef[] = []
    const ids: string[] = []
    for (const ref of refs) {
      const id = rowKeyOf(ref.table, ref.key)
      if (this.#rows.has(id)) continue
      this.#cache.willRead(ref.table)
      const known = this.#images?.find(id, ref.table) ?? this.#cache.find(id)
      this.#rows.set(id, known?.row)
      if (known !== undefined) continue
      missing.push(ref)
      ids.push(id)
    }
    return missing.length === 0 ? undefined : this.#fetch(tables, missing, ids)
  }

  async #fetch(tables: Tables, refs: readonly RowRef[], ids: readonly string[]): Promise<void> {
    const rows = await tables.getMany(refs)
    for (let i = 0; i < ids.length; i++) this.#rows.set(ids[i] as string, rows[i])
  }

  get<T extends TableDeclaration>(table: T, key: RowKey): RowOf<T> | undefined {
    const id = rowKeyOf(table, key)
    const row = this.#rows.get(id)
    if (row === undefined && !this.#rows.has(id)) throw new Error(`row of ${table.name} is not among needs`)
    return row as RowOf<T> | undefined
  }

  write(mutation: Mutation): void {
    const { table } = mutation
    const row = mutation.kind === 'upsert' ? mutation.row : undefined
    const id = rowKeyOf(table, mutation.kind === 'upsert' ? mutation.row : mutation.key)
    if (this.#rows.has(id) && !this.#written.has(id)) {
      this.#before.push({ id, table, row: this.#rows.get(id) })
    }
    this.#rows.set(id, row)
    this.#written.set(id, mutation)
    this.#cache.put(table, id, row)
  }

  /** The last write of each row. */
  written(): Mutation[] {
    return [...this.#written.values()]
  }

  /** Rows that were read and then written, as they were before. */
  get before(): readonly RowImage[] {
    return this.#before
  }
}
