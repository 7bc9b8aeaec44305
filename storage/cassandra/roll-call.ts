import { randomUUID } from 'node:crypto'
import type { Client, types } from 'cassandra-driver'
import type { TableDeclaration } from '../table.ts'
import { qualified } from './cql.ts'

/** Of Cassandra alone: the start of the node up to which each process that writes rows has written again what the node may have lost. */
export const writers = {
  name: 'writers',
  columns: { id: 'text', nodeStart: 'int' },
  partitionKey: ['id'],
  clusteringKey: [],
  ttlSeconds: 86_400,
} as const satisfies TableDeclaration

/** How often a process shows that it lives. */
export const SHOW_MS = 5_000
/**
 * Who had not shown itself for so long when the node was lost was not there any more. Well above what a network may break: whoever has just
 * found the node again writes rows a moment before it shows itself.
 */
export const MAX_SILENCE_MS = 12 * SHOW_MS

/** A process that writes rows. */
export interface Writer {
  readonly id: string
  /** The start of the node up to which it has written again what the node may have lost. */
  readonly nodeStart: number
  /** By the node's clock. */
  readonly shownMs: number
}

/**
 * Those whose rows may still be missing: others that lived when the node was lost, and have not written again since it started.
 * @param all as they showed themselves last; who asks must not have done so since the loss, and where it is not among them everybody
 * counts as having lived
 */
export function absentees(all: readonly Writer[], nodeStart: number, selfId: string): string[] {
  const self = all.find(({ id }) => id === selfId)
  const lived = (self?.shownMs ?? 0) - MAX_SILENCE_MS
  const isAbsent = (writer: Writer) =>
    writer.id !== selfId && writer.nodeStart !== nodeStart && writer.shownMs >= lived
  return all.filter(isAbsent).map(({ id }) => id)
}

/**
 * By which the processes of one deployment tell each other, in a table of the node itself, that they have written again. Its requests wait
 * for nothing and are sent once.
 */
export class RollCall {
  readonly #client: Client
  readonly #table: string
  readonly #id = randomUUID()
  #nodeStart: number

  /**
   * @param keyspace has the table `writers`
   * @param nodeStart which start of the node this process has found
   */
  constructor(client: Client, keyspace: string, nodeStart: number) {
    this.#client = client
    this.#table = qualified(keyspace, writers.name)
    this.#nodeStart = nodeStart
  }

  /** The start up to which this process has written again. */
  get nodeStart(): number {
    return this.#nodeStart
  }

  /** That this process lives, and up to which start it has written again. */
  async show(nodeStart = this.#nodeStart): Promise<void> {
    await this.#once(`INSERT INTO ${this.#table} ("id", "nodeStart") VALUES (?, ?)`, [this.#id, nodeStart])
    this.#nodeStart = nodeStart
  }

  /** Who is waited for. To be asked before this process shows itself again. */
  async absentees(nodeStart: number): Promise<readonly string[]> {
    return absentees(await this.#all(), nodeStart, this.#id)
  }

  /** Which of these have still not written again since that start. */
  async stillAbsent(ids: readonly string[], nodeStart: number): Promise<readonly string[]> {
    const left = new Set(
      (await this.#all()).filter((each) => each.nodeStart !== nodeStart).map(({ id }) => id),
    )
    return ids.filter((id) => left.has(id))
  }

  /** It will write no more. */
  async leave(): Promise<void> {
    await this.#once(`DELETE FROM ${this.#table} WHERE "id" = ?`, [this.#id])
  }

  async #all(): Promise<Writer[]> {
    const query = `SELECT "id", "nodeStart", writetime("nodeStart") AS shown FROM ${this.#table}`
    const { rows } = await this.#once(query, [])
    return rows.map(({ id, nodeStart, shown }) => ({ id, nodeStart, shownMs: Number(shown) / 1_000 }))
  }

  #once(query: string, params: readonly unknown[]): Promise<types.ResultSet> {
    return this.#client.execute(query, [...params], { prepare: true, isIdempotent: false })
  }
}
