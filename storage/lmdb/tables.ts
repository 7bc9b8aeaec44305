import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AnyRow, Mutation, RowKey, RowOf, RowRef, TableDeclaration } from '../table.ts'
import type { RangeOptions, Tables } from '../tables.ts'
import { RecentRows } from './recent-rows.ts'
import { type RowStamp, stampOf, tombstone } from './row-format.ts'
import type { Entry, Space, SpaceName } from './space.ts'
import { type StoredTable, TableCatalogue } from './table-catalogue.ts'
import { WriteHorizon } from './write-horizon.ts'

/** Tombstones are kept so long, as Cassandra does: nothing replays writes that are older. */
const TOMBSTONE_MS = 10 * 24 * 3600 * 1000
const SWEEP_INTERVAL_MS = 1_000
/** Rows looked at in one pass of the sweep. */
const SWEPT_ROWS = 250
/** Rows read of a scan before it lets others run. */
const SCANNED_ROWS = 500

const DONE = Promise.resolve()
const FIRST_KEY = '\u0001'
const AFTER_LAST_KEY = '\u00ff\u00ff'

/** The part of a store environment that tables need. */
export interface TablesStore {
  space(name: SpaceName): Space
  /** Undefined while there is room for more writes. */
  room(): Promise<void> | undefined
}

/**
 * Tables in LMDB. All reads and writes are synchronous inside; a write is queued in the environment and seen at once.
 * `now` gives milliseconds since 1970.
 */
export class LmdbTables implements Tables {
  readonly #store: TablesStore
  readonly #rows: Space
  readonly #catalogue: TableCatalogue
  readonly #now: () => number
  readonly #sweeper: NodeJS.Timeout
  readonly #horizon: WriteHorizon
  readonly #recent = new RecentRows()
  #applications = 0
  #sweptTo = FIRST_KEY

  constructor(store: TablesStore, now: () => number = Date.now) {
    this.#store = store
    this.#rows = store.space('rows')
    this.#catalogue = new TableCatalogue(store.space('tables'))
    this.#horizon = new WriteHorizon(store.space('tables'), this.#rows)
    this.#now = now
    this.#sweeper = setInterval(() => this.sweep(), SWEEP_INTERVAL_MS).unref()
  }

  async create(tables: readonly TableDeclaration[]): Promise<void> {
    for (const table of tables) this.#catalogue.create(table)
  }

  async get<T extends TableDeclaration>(table: T, key: RowKey): Promise<RowOf<T> | undefined> {
    return this.#find(table, key) as RowOf<T> | undefined
  }

  async getMany(refs: readonly RowRef[]): Promise<(AnyRow | undefined)[]> {
    return refs.map((ref) => this.#find(ref.table, ref.key))
  }

  async range<T extends TableDeclaration>(
    table: T,
    partition: RowKey,
    options: RangeOptions,
  ): Promise<RowOf<T>[]> {
    const stored = this.#catalogue.of(table)
    const { lower, upper } = stored.layout.bounds(partition, options.from, options.to)
    const found: RowOf<T>[] = []
    if (options.limit <= 0 || lower >= upper) return found
    const { prefix, layout } = stored
    const groupLength = prefix.length + layout.partitionKey(partition).length
    for (const entry of this.#rows.range(prefix + lower, prefix + upper, options.descending, groupLength)) {
      const row = this.#rowOf(stored, entry)
      if (row === undefined) continue
      found.push(row as RowOf<T>)
      if (found.length >= options.limit) break
    }
    return found
  }

  async *scan<T extends TableDeclaration>(table: T): AsyncIterable<RowOf<T>> {
    const stored = this.#catalogue.of(table)
    let from = stored.prefix
    while (from !== '') {
      const page: RowOf<T>[] = []
      from = this.#page(stored, from, page as AnyRow[])
      yield* page
      // A turn of the event loop, and not only of its promises: what is queued gets to the disk only then.
      await nextTurn()
    }
  }

  apply(mutations: readonly Mutation[], writeTime: number): Promise<void> {
    try {
      this.#applications++
      let hasDeleted = false
      for (const mutation of mutations) {
        this.#apply(mutation, writeTime, hasDeleted)
        if (mutation.kind === 'delete') hasDeleted = true
      }
    } catch (error) {
      return Promise.reject(error)
    }
    return this.#store.room() ?? DONE
  }

  /** Stops the sweep. The environment is closed by whoever opened it. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper)
  }

  /** Drops what has expired among the next `SWEPT_ROWS` rows on the disk; goes round all tables, call by call. */
  sweep(): void {
    const now = this.#now()
    const expired: string[] = []
    let seen = 0
    let last = ''
    for (const { key, value } of this.#rows.stored(this.#sweptTo, AFTER_LAST_KEY)) {
      if (seen++ >= SWEPT_ROWS) break
      if (stampOf(value).expiresAtMs <= now) expired.push(key)
      last = key
    }
    for (const key of expired) this.#dropExpired(key, now)
    this.#sweptTo = seen > SWEPT_ROWS ? `${last}\0` : FIRST_KEY
  }

  /** Unless it has been written again since. */
  #dropExpired(key: string, now: number): void {
    const latest = this.#rows.get(key)
    if (latest === undefined || stampOf(latest).expiresAtMs > now) return
    this.#recent.forget(key)
    this.#rows.remove(key, this.#catalogue.groupLengthOf(key))
  }

  #find(table: TableDeclaration, key: RowKey): AnyRow | undefined {
    const stored = this.#catalogue.of(table)
    const bytes = this.#latest(stored.prefix + stored.layout.rowKey(key))
    if (bytes === undefined || !this.#isLive(stampOf(bytes))) return undefined
    return stored.format.decode(bytes, key)
  }

  /** What a key holds. Only this process writes to the store, so what it has read it need not read again. */
  #latest(key: string): Buffer | undefined {
    const queued = this.#rows.queued(key)
    if (queued !== undefined) return queued
    const known = this.#recent.get(key)
    if (known !== undefined) return known ?? undefined
    const read = this.#rows.copy(key)
    this.#recent.keep(key, read ?? null)
    return read
  }

  #isLive(stamp: RowStamp): boolean {
    return !stamp.deleted && stamp.expiresAtMs > this.#now()
  }

  #rowOf(stored: StoredTable, { key, value }: Entry): AnyRow | undefined {
    if (!this.#isLive(stampOf(value))) return undefined
    return stored.format.decode(value, stored.layout.columnsOf(key, stored.prefix.length))
  }

  /** @param hasDeleted whether the same application has deleted anything before this mutation */
  #apply(mutation: Mutation, writeTime: number, hasDeleted: boolean): void {
    const stored = this.#catalogue.of(mutation.table)
    const { prefix, layout, format, ttlMs } = stored
    const isDelete = mutation.kind === 'delete'
    const key = prefix + layout.rowKey(isDelete ? mutation.key : mutation.row)
    const groupLength = prefix.length + layout.partitionLength
    const isLatest = this.#horizon.passes(mutation.table.name, stored, writeTime, this.#applications)
    // Of the latest time is only what this application wrote, and of that only a removal stands against a write.
    if (!isLatest || hasDeleted) {
      const before = isLatest ? this.#rows.queued(key) : this.#rows.get(key)
      if (before !== undefined && !wins(isDelete, writeTime, stampOf(before))) return
    }
    this.#recent.forget(key)
    if (isDelete) this.#rows.put(key, tombstone(writeTime, this.#now() + TOMBSTONE_MS), groupLength)
    else {
      const expiresAtMs = ttlMs === undefined ? Infinity : this.#now() + ttlMs
      this.#rows.put(key, format.encode(mutation.row, writeTime, expiresAtMs), groupLength)
    }
  }

  /** Reads a page of a table's rows into `page`; returns where the next starts, empty at the end. */
  #page(stored: StoredTable, from: string, page: AnyRow[]): string {
    let seen = 0
    for (const entry of this.#rows.range(from, stored.afterPrefix)) {
      if (seen++ >= SCANNED_ROWS) return entry.key
      const row = this.#rowOf(stored, entry)
      if (row !== undefined) page.push(row)
    }
    return ''
  }
}

function wins(isDelete: boolean, writeTime: number, before: RowStamp): boolean {
  if (writeTime !== before.writeTime) return writeTime > before.writeTime
  return isDelete || !before.deleted
}
