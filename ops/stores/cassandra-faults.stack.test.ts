import { randomBytes } from 'node:crypto'
import { StoreUnavailable, type TableDeclaration } from '@heliograph/storage'
import {
  CassandraKeyStore,
  CassandraSession,
  CassandraTables,
  dropKeyspace,
  REQUEST_TIMEOUT_MS,
} from '@heliograph/storage/cassandra'
import type { Client } from 'cassandra-driver'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { readStack } from '../stack/endpoints.ts'
import { FailingNetwork } from './failing-network.ts'
import { RunningClock } from './running-clock.ts'

const keyspace = `test_${randomBytes(6).toString('hex')}`
const counts = {
  name: 'counts',
  columns: { key: 'text', value: 'int' },
  partitionKey: ['key'],
  clusteringKey: [],
} as const satisfies TableDeclaration

let network: FailingNetwork
let session: CassandraSession
let tables: CassandraTables
let keys: CassandraKeyStore
let time = 0
let nodeStart = 1
/** Fails where the node cannot be reached, as asking it does. */
const startOfNode = async (client: Client) => {
  await client.execute('SELECT key FROM system.local')
  return nodeStart
}

beforeAll(async () => {
  const { cassandra } = await readStack(process.env.HELIOGRAPH_STACK!)
  network = await FailingNetwork.to(cassandra[0]!)
  session = await CassandraSession.connect({ contactPoints: [network.address] }, startOfNode)
  tables = await CassandraTables.open(session, { keyspace })
  await tables.create([counts])
  keys = await CassandraKeyStore.open(session, { keyspace })
})
afterEach(() => network.become('whole'))
afterAll(async () => {
  await put('end')
  await dropKeyspace(session, keyspace)
  await session.close()
  await network.close()
})

const upsert = (key: string) =>
  tables.apply([{ kind: 'upsert', table: counts, row: { key, value: 1 } }], ++time)
/** Until the driver has found the node again. */
const put = (key: string) => vi.waitFor(() => upsert(key), { timeout: 60_000, interval: 100 })
const find = (key: string) => tables.get(counts, { key })
/** As `find`, of what is there: a node that stops for a moment may be asked again. */
const found = (key: string) => vi.waitFor(() => find(key), { timeout: 60_000, interval: 100 })

it('a cut network is told as such, and writes go on when it is back', async () => {
  network.become('cut')
  await expect(upsert('cut')).rejects.toThrow(StoreUnavailable)
  await expect(find('cut')).rejects.toThrow(StoreUnavailable)
  network.become('whole')
  await put('cut')
  expect(await found('cut')).toEqual({ key: 'cut', value: 1 })
})

it('a short break fails nothing', async () => {
  await put('before')
  network.reset()
  await put('after')
  expect(await found('after')).toBeDefined()
})

it('a network that lets nothing through is told within a bounded time', async () => {
  await put('whole')
  network.become('stalled')
  const clock = new RunningClock()
  await Promise.all([
    expect(upsert('stalled')).rejects.toThrow(StoreUnavailable),
    expect(find('whole')).rejects.toThrow(StoreUnavailable),
  ])
  expect(clock.ranMs).toBeLessThan(5 * REQUEST_TIMEOUT_MS)
  clock.stop()
})

it('a key is put once, though the answer to putting it is lost', async () => {
  await put('whole again')
  const wrapped = Buffer.alloc(60, 1)
  network.become('answers lost')
  const kept = keys.putIfAbsent('chat:lost', wrapped)
  setTimeout(() => network.become('whole'), REQUEST_TIMEOUT_MS / 2)
  expect(await kept).toEqual(wrapped)
  network.become('answers lost')
  const replaced = keys.replace('chat:lost', wrapped, Buffer.alloc(60, 2))
  setTimeout(() => network.become('whole'), REQUEST_TIMEOUT_MS / 2)
  expect(await replaced).toBe(true)
  expect(await keys.putIfAbsent('chat:lost', wrapped)).toEqual(Buffer.alloc(60, 2))
})

/** What each of these says first of a row. */
const firstAnswers = (all: readonly CassandraTables[], key: string) =>
  Promise.all(
    all.map((each) =>
      vi
        .waitFor(() => each.get(counts, { key }), { timeout: 60_000, interval: 20 })
        .then((row) => row?.value),
    ),
  )

describe('what a node lost with its end', () => {
  let elsewhere: FailingNetwork
  let reader: CassandraSession
  let readers: CassandraTables

  beforeEach(async () => {
    elsewhere = await FailingNetwork.to(await address())
    reader = await CassandraSession.connect({ contactPoints: [elsewhere.address] }, startOfNode)
    readers = await CassandraTables.open(reader, { keyspace })
    await readers.create([counts])
  })
  afterEach(async () => {
    await reader.close()
    await elsewhere.close()
  })

  it('is there again before anybody reads, however late its writer comes', async () => {
    await put('told')
    const wrapped = Buffer.alloc(60, 3)
    await keys.putIfAbsent('chat:told', wrapped)
    for (const each of [network, elsewhere]) each.become('cut')
    await loseEverything()
    const answers = firstAnswers([tables, readers], 'told')
    const key = vi.waitFor(() => keys.putIfAbsent('chat:told', Buffer.alloc(60, 4)), { timeout: 60_000 })
    elsewhere.become('whole')
    await untilRecovered(readers)
    network.become('whole')
    expect(await answers).toEqual([1, 1])
    expect(await key).toEqual(wrapped)
  })

  it('is not waited for when its writer has ended too', async () => {
    await put('lost')
    for (const each of [network, elsewhere]) each.become('cut')
    await loseEverything()
    elsewhere.become('whole')
    expect(await firstAnswers([readers], 'lost')).toEqual([undefined])
  })
})

/** When a session writes again it has found the node, and makes nobody wait but those who read. */
const untilRecovered = (each: CassandraTables) =>
  vi.waitFor(() => each.apply([{ kind: 'upsert', table: counts, row: { key: 'found', value: 1 } }], ++time), {
    timeout: 60_000,
    interval: 20,
  })

async function address(): Promise<string> {
  return (await readStack(process.env.HELIOGRAPH_STACK!)).cassandra[0]!
}

/** By a connection that is not cut; the node is as if it had been started anew. */
async function loseEverything(): Promise<void> {
  nodeStart++
  const direct = await CassandraSession.connect({ contactPoints: [await address()] })
  try {
    for (const table of ['counts', 'data_keys']) await direct.change(`TRUNCATE "${keyspace}"."${table}"`)
  } finally {
    await direct.close()
  }
}
