import { randomBytes } from 'node:crypto'
import { chatScope, WrappedKeyring } from '@heliograph/storage'
import { CassandraKeyStore, CassandraSession, dropKeyspace } from '@heliograph/storage/cassandra'
import { describeKeyring, describeKeyStore } from '@heliograph/storage/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readStack } from '../stack/endpoints.ts'

const keyspace = `test_${randomBytes(6).toString('hex')}`
let session: CassandraSession

beforeAll(async () => {
  const { cassandra } = await readStack(process.env.HELIOGRAPH_STACK!)
  session = await CassandraSession.connect({ contactPoints: cassandra })
})
afterAll(async () => {
  await dropKeyspace(session, keyspace)
  await session.close()
})

const open = () => CassandraKeyStore.open(session, { keyspace })
/** Deletes what the test before left: each test has a master key of its own. */
async function emptied(): Promise<CassandraKeyStore> {
  const store = await open()
  for await (const { scope } of store.scan()) await store.delete(scope)
  return store
}

describeKeyStore('CassandraKeyStore', async () => ({ store: await open(), dispose: async () => undefined }))

describeKeyring('WrappedKeyring over Cassandra', async () => {
  const store = await emptied()
  const master = randomBytes(32)
  const again = () => WrappedKeyring.open(master, store)
  return { keyring: await again(), again, dispose: async () => undefined }
})

it('makes one key where many processes ask for it at once', async () => {
  await emptied()
  const master = randomBytes(32)
  const opened = Array.from({ length: 8 }, async () => WrappedKeyring.open(master, await open()))
  const keyrings = await Promise.all(opened)
  const keys = await Promise.all(keyrings.map((keyring) => keyring.obtain(chatScope('u1-2'))))
  expect(new Set(keys.map(({ key }) => key.toString('hex'))).size).toBe(1)
})

it('rotates the master key under keyrings that go on making keys', async () => {
  const store = await emptied()
  const [old, fresh] = [randomBytes(32), randomBytes(32)]
  const running = await WrappedKeyring.open(old, store)
  const scopes = Array.from({ length: 30 }, (_, i) => chatScope(`c${i}`))
  const early = await Promise.all(scopes.slice(0, 15).map((scope) => running.obtain(scope)))
  const [, ...late] = await Promise.all([
    running.rewrap(fresh),
    ...scopes.slice(15).map((scope) => running.obtain(scope)),
  ])
  await running.rewrap(fresh)
  const after = await WrappedKeyring.open(fresh, store)
  expect(await Promise.all(scopes.map((scope) => after.find(scope)))).toEqual([...early, ...late])
})
