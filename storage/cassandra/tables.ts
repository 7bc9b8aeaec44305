import type { types } from 'cassandra-driver'
import type { AnyRow, Mutation, RowKey, RowOf, RowRef, TableDeclaration } from '../table.ts'
import type { RangeOptions, Tables } from '../tables.ts'
import { WRITE_CONSISTENCY } from './consistency.ts'
import { Lookup } from './lookup.ts'
import { fewCopies, Placement } from './placement.ts'
import { RecentWrites } from './recent-writes.ts'
import { createTables, ensureKeyspace, type KeyspaceOptions } from './schema.ts'
import { type CassandraOptions, CassandraSession, type ReadOptions } from './session.ts'
import { encodeWriteTime, StoredTable } from './stored-table.ts'
import { encodeInt } from './values.ts'
import { type RowWrite, WriteQueue } from './write-queue.ts'

/** Rows of a range that come with one answer. */
const RANGE_PAGE_ROWS = 2_000
/** Rows of a scan that come with one answer. Two such pages are held at once. */
export const SCAN_PAGE_ROWS = 1_000
/** What a value takes in a batch besides its bytes, about. */
const VALUE_OVERHEAD_BYTES = 16

/**
 * Tables in one keyspace of Cassandra. Rows are whole: a read never shows columns of two writes, whatever order they came in.
 * Of two different writes of one row at one time in different applications Cassandra takes the larger value column by column,
 * not the later: who gives write times must not let that be.
 */
export class CassandraTables implements Tables {
  readonly keyspace: string
  readonly #session: CassandraSession
  readonly #ownsSession: boolean
  readonly #placement: Placement
  readonly #queue: WriteQueue
  readonly #tables = new Map<string, StoredTable>()
  readonly #recent = new RecentWrites<RowWrite>()
  readonly #stopWatching: () => void

  private constructor(
    session: CassandraSession,
    keyspace: string,
    placement: Placement,
    ownsSession: boolean,
  ) {
    this.#session = session
    this.keyspace = keyspace
    this.#placement = placement
    this.#ownsSession = ownsSession
    this.#stopWatching = session.watchNodes({
      lost: () => this.#recent.hold(),
      back: () => this.#writeAgain(),
    })
    this.#queue = new WriteQueue({
      send: (batch) => session.write(batch, WRITE_CONSISTENCY),
      mayMix: () => placement.isEverywhere,
    })
  }

  /** Connects with a session of its own, which `close` ends. @throws StoreUnavailable */
  static async connect(options: CassandraOptions & KeyspaceOptions): Promise<CassandraTables> {
    const session = await CassandraSession.connect(options)
    try {
      return await CassandraTables.#on(session, options, true)
    } catch (error) {
      await session.close()
      throw error
    }
  }

  /** On a session that others use too. @throws StoreUnavailable */
  static open(session: CassandraSession, options: KeyspaceOptions): Promise<CassandraTables> {
    return CassandraTables.#on(session, options, false)
  }

  static async #on(
    session: CassandraSession,
    options: KeyspaceOptions,
    owns: boolean,
  ): Promise<CassandraTables> {
    const copies = await ensureKeyspace(session, options)
    const objection = fewCopies(options.keyspace, copies, session.localNodes)
    if (objection !== undefined) session.warn(objection)
    await session.enroll(options.keyspace)
    return new CassandraTables(session, options.keyspace, new Placement(session, copies), owns)
  }

  async create(tables: readonly TableDeclaration[]): Promise<void> {
    const stored = tables.map((table) => new StoredTable(this.keyspace, table))
    await createTables(this.#session, this.keyspace, tables)
    for (const table of stored) this.#tables.set(table.declaration.name, table)
  }

  async get<T extends TableDeclaration>(table: T, key: RowKey): Promise<RowOf<T> | undefined> {
    const stored = this.#table(table)
    if (stored.hasEmptyPartition(key)) return undefined
    const { consistency } = stored
    const found = await this.#session.read(stored.selectRow, stored.keyParameters(key), { consistency })
    const [row] = found.rows
    return row && (stored.decode(row) as RowOf<T>)
  }

  async getMany(refs: readonly RowRef[]): Promise<(AnyRow | undefined)[]> {
    const tableOf = (ref: RowRef) => this.#table(ref.table)
    return new Lookup(this.#session, refs, tableOf, this.#placement.isEverywhere).run()
  }

  async range<T extends TableDeclaration>(
    table: T,
    partition: RowKey,
    { from, to, limit, descending = false }: RangeOptions,
  ): Promise<RowOf<T>[]> {
    const stored = this.#table(table)
    const fixed = stored.fixedColumns(partition)
    if (limit <= 0 || stored.hasEmptyPartition(partition)) return []
    const bounds = [from, to].filter((bound) => bound !== undefined)
    const bounded = stored.keys[fixed]
    if (bounds.length > 0 && bounded === undefined) throw new Error(`${table.name} has no column to bound`)
    const shape = { fixed, hasFrom: from !== undefined, hasTo: to !== undefined, descending }
    const parameters = stored.keyParameters(partition, fixed)
    for (const bound of bounds) parameters.push(bounded!.encode(bound))
    parameters.push(encodeInt(limit))
    return this.#pages<RowOf<T>>(
      stored,
      stored.selectRange(shape),
      parameters,
      Math.min(limit, RANGE_PAGE_ROWS),
    )
  }

  /** Asks for the next page while one is gone through. */
  async *scan<T extends TableDeclaration>(table: T): AsyncIterable<RowOf<T>> {
    const stored = this.#table(table)
    const page = (pageState?: string): Promise<types.ResultSet> => {
      const options = { consistency: stored.consistency, fetchSize: SCAN_PAGE_ROWS }
      const asked = this.#session.read(stored.selectAll, [], pageState ? { ...options, pageState } : options)
      asked.catch(() => {}) // told to whoever comes to that page
      return asked
    }
    let next: Promise<types.ResultSet> | undefined = page()
    while (next !== undefined) {
      const { rows, pageState }: types.ResultSet = await next
      next = pageState ? page(pageState) : undefined
      for (const row of rows) yield stored.decode(row) as RowOf<T>
    }
  }

  async apply(mutations: readonly Mutation[], writeTime: number): Promise<void> {
    const time = encodeWriteTime(writeTime)
    const writes = new Map<string, RowWrite>()
    const deleted = new Set<string>()
    for (const mutation of mutations) {
      const table = this.#table(mutation.table)
      const isDelete = mutation.kind === 'delete'
      const rowKey = table.layout.rowKey(isDelete ? mutation.key : mutation.row)
      const id = `${mutation.table.name} ${rowKey}`
      // A delete wins over a write of the same time, and of two such writes the later.
      if (isDelete) deleted.add(id)
      else if (deleted.has(id)) continue
      writes.set(id, writeOf(table, mutation, time, rowKey.slice(0, table.layout.partitionLength)))
    }
    const rows = [...writes.values()]
    await this.#queue.add(rows)
    this.#recent.add(rows)
  }

  /** What a node that was killed may have lost is written once more; it changes nothing where the row is there. */
  async #writeAgain(): Promise<void> {
    await this.#queue.add(this.#recent.all())
    this.#recent.release()
  }

  async close(): Promise<void> {
    this.#placement.close()
    this.#stopWatching()
    if (this.#ownsSession) await this.#session.close()
  }

  async #pages<R>(stored: StoredTable, query: string, parameters: Buffer[], fetchSize: number): Promise<R[]> {
    const { consistency } = stored
    const found: R[] = []
    let options: ReadOptions = { consistency, fetchSize }
    for (;;) {
      const page: types.ResultSet = await this.#session.read(query, parameters, options)
      const { rows, pageState } = page
      for (const row of rows) found.push(stored.decode(row) as R)
      if (!pageState) return found
      options = { consistency, fetchSize, pageState }
    }
  }

  #table(table: TableDeclaration): StoredTable {
    const stored = this.#tables.get(table.name)
    if (stored === undefined) throw new Error(`no table ${table.name}`)
    return stored
  }
}

function writeOf(table: StoredTable, mutation: Mutation, time: Buffer, partition: string): RowWrite {
  const isDelete = mutation.kind === 'delete'
  const query = isDelete ? table.delete : table.insert
  const params = isDelete
    ? table.deleteParameters(mutation.key, time)
    : table.insertParameters(mutation.row, time)
  let sizeBytes = 0
  for (const each of params) sizeBytes += VALUE_OVERHEAD_BYTES + ('length' in each ? each.length : 0)
  return { query, params, partition, sizeBytes }
}
