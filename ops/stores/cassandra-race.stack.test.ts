import { randomBytes } from 'node:crypto'
import { allTables } from '@heliograph/storage'
import {
  CassandraKeyStore,
  CassandraSession,
  CassandraTables,
  dropKeyspace,
} from '@heliograph/storage/cassandra'
import { expect, it } from 'vitest'
import { readStack } from '../stack/endpoints.ts'

const { cassandra: contactPoints } = await readStack(process.env.HELIOGRAPH_STACK ?? '')
const ROLES = 4

/** Each as a role of its own that starts on a deployment nobody has started before. */
async function start(keyspace: string, name: string): Promise<void> {
  const session = await CassandraSession.connect({ contactPoints })
  try {
    const keys = await CassandraKeyStore.open(session, { keyspace })
    await keys.putIfAbsent(name, Buffer.from(name))
    const tables = await CassandraTables.open(session, { keyspace })
    await tables.create(allTables)
    await Promise.all(allTables.map((table) => tables.scan(table)[Symbol.asyncIterator]().next()))
  } finally {
    await session.close()
  }
}

it('lets several roles start at once on a new deployment', async () => {
  const keyspace = `race_${randomBytes(6).toString('hex')}`
  const ended = await Promise.allSettled(
    Array.from({ length: ROLES }, (_, i) => start(keyspace, `role-${i}`)),
  )
  const session = await CassandraSession.connect({ contactPoints })
  await dropKeyspace(session, keyspace)
  await session.close()
  expect(ended.filter(({ status }) => status === 'rejected')).toEqual([])
})
