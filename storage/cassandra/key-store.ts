import { types } from 'cassandra-driver'
import { dataKeys } from '../declarations/runtime.ts'
import type { KeyStore, WrappedKey } from '../key-store.ts'
import { qualified } from './cql.ts'
import { RecentWrites } from './recent-writes.ts'
import { persistently } from './retry.ts'
import { createTables, ensureKeyspace, type KeyspaceOptions } from './schema.ts'
import type { CassandraSession } from './session.ts'
import { encodeText } from './values.ts'

const { localQuorum, serial } = types.consistencies
const SCAN_PAGE_KEYS = 1_000

type CompareAndSet = readonly [query: string, params: readonly Buffer[]]

/**
 * Wrapped data keys in Cassandra. All changes are compare-and-set (lightweight transactions over all data centres), so each may be
 * repeated where its outcome is not known: who comes second finds what the first has left.
 */
export class CassandraKeyStore implements KeyStore {
  readonly #session: CassandraSession
  readonly #table: string
  readonly #recent = new RecentWrites<CompareAndSet>()

  private constructor(session: CassandraSession, keyspace: string) {
    this.#session = session
    this.#table = qualified(keyspace, dataKeys.name)
    session.watchNodes({
      lost: () => this.#recent.hold(),
      back: () => this.#writeAgain(),
    })
  }

  /**
   * Makes what is missing. The keyspace should not be that of tables which a replay may put others in place of.
   * @throws StoreUnavailable, TableMismatch
   */
  static async open(session: CassandraSession, options: KeyspaceOptions): Promise<CassandraKeyStore> {
    await ensureKeyspace(session, options)
    await session.enroll(options.keyspace)
    await createTables(session, options.keyspace, [dataKeys])
    return new CassandraKeyStore(session, options.keyspace)
  }

  get(scope: string): Promise<Buffer | undefined> {
    return this.#read(scope, localQuorum)
  }

  async putIfAbsent(scope: string, wrapped: Buffer): Promise<Buffer> {
    const found = await this.#compareAndSet(
      `INSERT INTO ${this.#table} ("scope", "wrapped") VALUES (?, ?) IF NOT EXISTS`,
      [encodeText(scope), wrapped],
    )
    return found.isDone ? wrapped : (found.wrapped as Buffer)
  }

  async replace(scope: string, before: Buffer, after: Buffer): Promise<boolean> {
    const found = await this.#compareAndSet(
      `UPDATE ${this.#table} SET "wrapped" = ? WHERE "scope" = ? IF "wrapped" = ?`,
      [after, encodeText(scope), before],
    )
    // An attempt that timed out may have done it.
    return found.isDone || found.wrapped?.equals(after) === true
  }

  /** Deletes what is there now: not a key that somebody makes after another has deleted it. */
  async delete(scope: string): Promise<void> {
    const before = await this.#read(scope, serial)
    if (before === undefined) return
    const query = `DELETE FROM ${this.#table} WHERE "scope" = ? IF "wrapped" = ?`
    await this.#compareAndSet(query, [encodeText(scope), before])
  }

  async *scan(): AsyncIterable<WrappedKey> {
    const query = `SELECT "scope", "wrapped" FROM ${this.#table}`
    let pageState: string | undefined
    do {
      const options = { consistency: localQuorum, fetchSize: SCAN_PAGE_KEYS }
      const page: types.ResultSet = await this.#session.read(
        query,
        [],
        pageState ? { ...options, pageState } : options,
      )
      for (const { scope, wrapped } of page.rows) yield { scope, wrapped }
      pageState = page.pageState
    } while (pageState)
  }

  async #read(scope: string, consistency: types.consistencies): Promise<Buffer | undefined> {
    const query = `SELECT "wrapped" FROM ${this.#table} WHERE "scope" = ?`
    const found = await this.#session.read(query, [encodeText(scope)], { consistency })
    return (found.rows[0]?.wrapped as Buffer | undefined) ?? undefined
  }

  /** Whether it was done, and what stood there otherwise. */
  async #compareAndSet(
    query: string,
    params: readonly Buffer[],
  ): Promise<{ isDone: boolean; wrapped?: Buffer }> {
    const result = await persistently(() => this.#session.compareAndSet(query, params))
    this.#recent.add([[query, params]])
    const wrapped = result.rows[0]?.wrapped as Buffer | undefined
    return { isDone: result.wasApplied(), ...(wrapped ? { wrapped } : {}) }
  }

  /** What a node that was killed may have lost is done once more, in order: where it is there the comparison fails. */
  async #writeAgain(): Promise<void> {
    for (const [query, params] of this.#recent.all())
      await persistently(() => this.#session.compareAndSet(query, params, true))
    this.#recent.release()
  }
}
