import { chats, type Tables } from '@heliograph/storage'
import { LmdbTables, StoreEnvironment } from '@heliograph/storage/lmdb'
import { type Log, type Offset, topicDefinitions } from '@heliograph/topics'
import { LmdbLog } from '@heliograph/topics/lmdb'

/** The store of the crash test: for each number in turn a record, then a row, then a record of another topic. */
export interface CrashStore {
  readonly environment: StoreEnvironment
  readonly log: Log
  readonly tables: Tables
}

/** How many of each there are. */
export interface Counts {
  readonly before: number
  readonly rows: number
  readonly after: number
}

export async function openCrashStore(directory: string): Promise<CrashStore> {
  const environment = await StoreEnvironment.open(directory)
  const log = new LmdbLog(environment)
  const tables = new LmdbTables(environment)
  await log.createTopics(topicDefinitions(1))
  await tables.create([chats])
  return { environment, log, tables }
}

export async function closeCrashStore({ environment, log, tables }: CrashStore): Promise<void> {
  await log.close()
  await tables.close()
  await environment.close()
}

const PAYLOAD_BYTES = 150

/** Row `n` of its own, and a row that each step overwrites. */
const rowOf = (n: number) => ({ chatId: `n${n}`, lastSeq: n })
const lastRow = (n: number) => ({ chatId: 'last', lastSeq: n })

export async function appendBefore({ log }: CrashStore, n: number): Promise<void> {
  await log.append('chat.events', 0, [recordOf(n)], n as Offset)
}

export async function upsertRow({ tables }: CrashStore, n: number): Promise<void> {
  const rows = [rowOf(n), lastRow(n)]
  await tables.apply(
    rows.map((row) => ({ kind: 'upsert', table: chats, row }) as const),
    n + 1,
  )
}

export async function appendAfter({ log }: CrashStore, n: number): Promise<void> {
  await log.append('mailbox.events', 0, [recordOf(n)], n as Offset)
}

function recordOf(n: number) {
  const value = Buffer.alloc(PAYLOAD_BYTES)
  value.writeDoubleBE(n)
  return { key: `n${n}`, value, timestampMs: n }
}

/** Reads everything. Throws where something is missing in between. */
export async function countAll(store: CrashStore): Promise<Counts> {
  const last = await store.tables.get(chats, { chatId: 'last' })
  const rows = (last?.lastSeq ?? -1) + 1
  let found = 0
  for await (const row of store.tables.scan(chats)) {
    if (row.chatId === 'last') continue
    if (row.lastSeq! >= rows) throw new Error(`row ${row.lastSeq} is there, but not the one that names it`)
    found++
  }
  if (found !== rows) throw new Error(`${found} rows of ${rows}`)
  return {
    before: await countRecords(store, 'chat.events'),
    rows,
    after: await countRecords(store, 'mailbox.events'),
  }
}

async function countRecords({ log }: CrashStore, topic: 'chat.events' | 'mailbox.events'): Promise<number> {
  const end = await log.end(topic, 0)
  const cursor = log.open(topic, 0, 0 as Offset)
  for (let n = 0; n < end; ) {
    for (const record of await cursor.next({ maxRecords: 1000, maxBytes: 1 << 20 })) {
      if (record.offset !== n || record.value.readDoubleBE(0) !== n) throw new Error(`${topic} lacks ${n}`)
      n++
    }
  }
  return end
}
