import { createHash } from 'node:crypto'
import { errors, types } from 'cassandra-driver'
import type { TableDeclaration } from '../table.ts'
import { StoreUnavailable, TableMismatch } from '../tables.ts'
import { schemaAgrees } from './agreement.ts'
import { columnTypes, createTable, quoted } from './cql.ts'
import { defaultReplication, type Replication } from './placement.ts'
import type { CassandraSession } from './session.ts'

/** The native protocol's text, as `encodeText` gives it. */
const text = (value: string) => Buffer.from(value, 'utf8')
const { localQuorum } = types.consistencies

/** A table as `system_schema` tells of it. */
interface FoundTable {
  readonly columns: ReadonlyMap<string, string>
  readonly partitionKey: readonly string[]
  readonly clusteringKey: readonly string[]
  readonly ttlSeconds: number
}

export interface KeyspaceOptions {
  /** Made where there is none. */
  readonly keyspace: string
  /** Copies by data centre, for a keyspace that is made; one on each node up to three unless told. */
  readonly replication?: Replication
}

/** Makes a keyspace where there is none; several processes may do it at once. Returns the local copies of its rows. */
export async function ensureKeyspace(session: CassandraSession, options: KeyspaceOptions): Promise<number> {
  const { keyspace } = options
  const copies = await copiesIn(session, keyspace, session.localDataCenter)
  if (copies > 0) return copies
  await createKeyspace(session, keyspace, options.replication ?? defaultReplication(session))
  return copiesIn(session, keyspace, session.localDataCenter)
}

async function createKeyspace(
  session: CassandraSession,
  keyspace: string,
  replication: Replication,
): Promise<void> {
  const copies = Object.entries(replication).map(
    ([name, count]) => `'${name.replaceAll("'", "''")}': ${count}`,
  )
  const how = `{'class': 'NetworkTopologyStrategy', ${copies.join(', ')}}`
  await session.change(`CREATE KEYSPACE IF NOT EXISTS ${quoted(keyspace)} WITH replication = ${how}`)
}

/** Removes a keyspace with all that is in it. */
export async function dropKeyspace(session: CassandraSession, keyspace: string): Promise<void> {
  await session.change(`DROP KEYSPACE IF EXISTS ${quoted(keyspace)}`)
}

/** Copies that a data centre keeps of a keyspace's rows; 0 where there is no such keyspace. */
async function copiesIn(session: CassandraSession, keyspace: string, dataCenter: string): Promise<number> {
  const query = 'SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?'
  const found = await session.read(query, [text(keyspace)], { consistency: localQuorum })
  const replication = (found.first()?.replication ?? {}) as Record<string, string>
  return Number(replication[dataCenter] ?? replication.replication_factor ?? 0)
}

/**
 * Makes the tables that are missing and compares the others. Several processes may do it at once: a table's id is derived from
 * its definition, so that two nodes that are asked at the same time make the same table.
 * @throws TableMismatch naming the table and how it differs
 */
export async function createTables(
  session: CassandraSession,
  keyspace: string,
  tables: readonly TableDeclaration[],
): Promise<void> {
  let found = await findTables(session, keyspace)
  const missing = tables.filter((table) => !found.has(table.name))
  // Another process may have made the keyspace this moment, and the node that is asked next not know it.
  if (missing.length > 0) await untilKnown(session, keyspace, [])
  for (const table of missing) await create(session, keyspace, table)
  await untilKnown(session, keyspace, tables)
  if (missing.length > 0) found = await findTables(session, keyspace)
  for (const table of tables) {
    const difference = differenceOf(table, found.get(table.name))
    if (difference !== undefined) throw new TableMismatch(`table ${keyspace}.${table.name} ${difference}`)
  }
}

/** How long nodes may take to know a table that another process has just made; a cold node makes few tables a second. */
const MAX_SPREAD_MS = 30_000
const SPREAD_POLL_MS = 50
const NOTHING: ReadonlySet<string> = new Set()

/**
 * A table stands in `system_schema` a moment before requests for it are answered, on the node that makes it, and a longer one
 * before all other nodes know it. Whoever makes a table waits for that; whoever finds it just made has to wait by itself.
 */
async function untilKnown(
  session: CassandraSession,
  keyspace: string,
  tables: readonly TableDeclaration[],
): Promise<void> {
  const until = Date.now() + MAX_SPREAD_MS
  for (;;) {
    const agree = await schemaAgrees(session.client, session.localDataCenter)
    const known = agree && tables.length > 0 ? await session.knownTables(keyspace) : NOTHING
    const unknown = tables.find(({ name }) => !known.has(name))
    if (agree && unknown === undefined) return
    if (Date.now() > until) {
      const what = agree && unknown ? `table ${keyspace}.${unknown.name}` : 'the schema'
      throw new StoreUnavailable(`Cassandra's nodes do not agree on ${what} after ${MAX_SPREAD_MS} ms`)
    }
    await new Promise((resolve) => setTimeout(resolve, SPREAD_POLL_MS))
  }
}

async function create(session: CassandraSession, keyspace: string, table: TableDeclaration): Promise<void> {
  try {
    await session.change(createTable(keyspace, table, tableId(keyspace, table)))
  } catch (error) {
    // Somebody else made it meanwhile; whether it is the same is looked at afterwards.
    if (!(error instanceof errors.ResponseError && error.code === types.responseErrorCodes.alreadyExists))
      throw error
  }
}

const UUID_PARTS = [8, 12, 16, 20, 32]

function tableId(keyspace: string, table: TableDeclaration): string {
  const hash = createHash('sha256')
    .update(createTable(keyspace, table, ''))
    .digest('hex')
  return UUID_PARTS.map((end, i) => hash.slice(UUID_PARTS[i - 1] ?? 0, end)).join('-')
}

async function findTables(session: CassandraSession, keyspace: string): Promise<Map<string, FoundTable>> {
  const of = (table: string, columns: string) =>
    session.read(`SELECT ${columns} FROM system_schema.${table} WHERE keyspace_name = ?`, [text(keyspace)], {
      consistency: localQuorum,
    })
  const [tables, columns] = await Promise.all([
    of('tables', 'table_name, default_time_to_live'),
    of('columns', 'table_name, column_name, kind, position, type'),
  ])
  return new Map(
    tables.rows.map(({ table_name: name, default_time_to_live: ttlSeconds }) => {
      const own = columns.rows.filter((column) => column.table_name === name)
      const key = (kind: string) =>
        own
          .filter((column) => column.kind === kind)
          .sort((one, other) => one.position - other.position)
          .map((column) => column.column_name as string)
      const types = new Map<string, string>(own.map((column) => [column.column_name, column.type]))
      return [
        name,
        { columns: types, partitionKey: key('partition_key'), clusteringKey: key('clustering'), ttlSeconds },
      ]
    }),
  )
}

/** How a table differs from its declaration, to follow the table's name in a message. */
function differenceOf(table: TableDeclaration, found: FoundTable | undefined): string | undefined {
  if (found === undefined) return 'is not there, though it was just made'
  const declared = columnTypes(table)
  for (const [name, type] of declared) {
    const has = found.columns.get(name)
    if (has === undefined) return `has no column ${name}`
    if (has !== type) return `has a column ${name} of type ${has}, not ${type}`
  }
  for (const name of found.columns.keys()) {
    if (!declared.has(name)) return `has a column ${name} that is not declared`
  }
  const keyOf = (each: Pick<TableDeclaration, 'partitionKey' | 'clusteringKey'>) =>
    `(${each.partitionKey.join(', ')}) ${each.clusteringKey.join(', ')}`.trim()
  if (keyOf(found) !== keyOf(table)) return `has the key ${keyOf(found)}, not ${keyOf(table)}`
  const ttlSeconds = table.ttlSeconds ?? 0
  if (found.ttlSeconds !== ttlSeconds)
    return `keeps rows for ${found.ttlSeconds} s, not ${ttlSeconds} (0: for ever)`
  return undefined
}
