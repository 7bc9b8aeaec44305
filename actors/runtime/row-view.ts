import type { AnyRow, Mutation, RowKey, RowOf, RowRef, TableDeclaration, Tables } from '@heliograph/storage'
import type { Rows } from './decider.ts'
import type { WrittenRows } from './flight.ts'
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

/** One row of a batch. */
interface Entry {
  row: AnyRow | undefined
  /** The last write, where there was one. */
  written: Mutation | undefined
}

/** The rows of one batch: what storage holds, with what the batch has written so far laid over it. */
export class RowView implements Rows, WrittenRows {
  readonly #cache: RowCache
  readonly #flight: RowImages | undefined
  readonly #images: RowImages | undefined
  readonly #entries = new Map<string, Entry>()
  readonly #written: Entry[] = []
  readonly #before: RowImage[] | undefined

  /**
   * @param flight rows that storage may not show yet
   * @param before gets the rows that were read and are then written, as they were; nobody needs them unless it is given
   */
  constructor(cache: RowCache, flight?: RowImages, images?: RowImages, before?: RowImage[]) {
    this.#flight = flight
    this.#before = before
    this.#cache = cache
    this.#images = images
  }

  /** Makes the rows of `refs` readable: one read for all that are not known yet, or undefined where none is needed. */
  load(tables: Tables, refs: readonly RowRef[]): Promise<void> | undefined {
    const missing: RowRef[] = []
    const entries: Entry[] = []
    for (const ref of refs) {
      const id = rowKeyOf(ref.table, ref.key)
      if (this.#entries.has(id)) continue
      this.#cache.willRead(ref.table)
      const known =
        this.#images?.find(id, ref.table) ?? this.#cache.find(id) ?? this.#flight?.find(id, ref.table)
      const entry: Entry = { row: known?.row, written: undefined }
      this.#entries.set(id, entry)
      if (known !== undefined) continue
      missing.push(ref)
      entries.push(entry)
    }
    return missing.length === 0 ? undefined : fetch(tables, missing, entries)
  }

  get<T extends TableDeclaration>(table: T, key: RowKey): RowOf<T> | undefined {
    const entry = this.#entries.get(rowKeyOf(table, key))
    if (entry === undefined) throw new Error(`row of ${table.name} is not among needs`)
    return entry.row as RowOf<T> | undefined
  }

  write(mutation: Mutation): void {
    const { table } = mutation
    const row = mutation.kind === 'upsert' ? mutation.row : undefined
    const id = rowKeyOf(table, mutation.kind === 'upsert' ? mutation.row : mutation.key)
    let entry = this.#entries.get(id)
    if (entry === undefined) {
      entry = { row, written: undefined }
      this.#entries.set(id, entry)
    } else if (entry.written === undefined) this.#before?.push({ id, table, row: entry.row })
    if (entry.written === undefined) this.#written.push(entry)
    entry.row = row
    entry.written = mutation
    this.#cache.put(table, id, row)
  }

  wrote(id: string): { readonly row: AnyRow | undefined } | undefined {
    const entry = this.#entries.get(id)
    return entry?.written === undefined ? undefined : entry
  }

  /** The last write of each row. */
  written(): Mutation[] {
    return this.#written.map(({ written }) => written as Mutation)
  }
}

async function fetch(tables: Tables, refs: readonly RowRef[], entries: readonly Entry[]): Promise<void> {
  const rows = await tables.getMany(refs)
  for (let i = 0; i < entries.length; i++) (entries[i] as Entry).row = rows[i]
}
