import type { Space } from './space.ts'
import type { StoredTable } from './table-catalogue.ts'

/** Names of tables stand below this in their space. */
const KEY_PREFIX = '\u00ff'
/** The horizon that is kept on the disk is raised by so much at a time, so that it is written rarely. */
const STEP = 4096
const NUMBER_BYTES = 8

interface Horizon {
  /** No row of the table was written at a later time than this. */
  latest: number
  /** What the disk says; never below `latest`. */
  kept: number
  /** The application that was asked last, and what it was told. */
  application: number
  passes: boolean
}

/**
 * The latest write time of each table. Nearly all writes are later than everything before them, and then there is no need
 * to look whether the row on the disk is newer, which costs as much as writing it.
 */
export class WriteHorizon {
  readonly #tables: Space
  readonly #rows: Space
  readonly #horizons = new Map<string, Horizon>()

  constructor(tables: Space, rows: Space) {
    this.#tables = tables
    this.#rows = rows
  }

  /**
   * True when everything in the table is older than `writeTime`, but for what the same `application` (a number of the caller's
   * own, growing) wrote. To be asked before each write.
   */
  passes(name: string, table: StoredTable, writeTime: number, application: number): boolean {
    const horizon = this.#horizons.get(name) ?? this.#load(name, table)
    if (horizon.application === application) return horizon.passes
    horizon.application = application
    horizon.passes = writeTime > horizon.latest
    if (horizon.passes) this.#raise(name, horizon, writeTime)
    return horizon.passes
  }

  #raise(name: string, horizon: Horizon, writeTime: number): void {
    horizon.latest = writeTime
    if (writeTime <= horizon.kept) return
    horizon.kept = writeTime + STEP
    const value = Buffer.allocUnsafe(NUMBER_BYTES)
    value.writeDoubleLE(horizon.kept)
    this.#tables.put(KEY_PREFIX + name, value)
  }

  /** A table with rows but without a horizon is of an earlier version: every write looks. */
  #load(name: string, table: StoredTable): Horizon {
    const kept =
      this.#tables.copy(KEY_PREFIX + name)?.readDoubleLE(0) ?? (this.#isEmpty(table) ? -1 : Infinity)
    const horizon: Horizon = { latest: kept, kept, application: -1, passes: false }
    this.#horizons.set(name, horizon)
    return horizon
  }

  #isEmpty(table: StoredTable): boolean {
    for (const _ of this.#rows.range(table.prefix, table.afterPrefix)) return false
    return true
  }
}
