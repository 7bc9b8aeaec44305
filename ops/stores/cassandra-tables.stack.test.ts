import { randomBytes } from 'node:crypto'
import type { TableDeclaration } from '@heliograph/storage'
import { CassandraSession, CassandraTables, dropKeyspace, estimateSizes } from '@heliograph/storage/cassandra'
import { describeTables } from '@heliograph/storage/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

const open = () => CassandraTables.open(session, { keyspace })

/** Empties what the test before left, since tables are slow to make. */
async function empty(): Promise<void> {
  const tables = await session.client.execute(
    'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?',
    [keyspace],
    { prepare: true },
  )
  await Promise.all(tables.rows.map((row) => session.change(`TRUNCATE "${keyspace}"."${row.table_name}"`)))
}

describeTables('CassandraTables', async () => {
  const tables = await open()
  await empty()
  return { tables, reopen: open, dispose: () => tables.close() }
})

describe('CassandraTables', () => {
  const notes = (name: string) =>
    ({
      name,
      columns: { owner: 'bigint', id: 'int', text: 'text' },
      partitionKey: ['owner'],
      clusteringKey: ['id'],
      ttlSeconds: 1000,
    }) as const satisfies TableDeclaration

  it('may be made by several processes at once', async () => {
    const { cassandra } = await readStack(process.env.HELIOGRAPH_STACK!)
    const own = `test_${randomBytes(6).toString('hex')}`
    const start = async () => {
      const tables = await CassandraTables.connect({ contactPoints: cassandra, keyspace: own })
      await tables.create([notes('notes'), notes('others')])
      return tables
    }
    const started = await Promise.all([start(), start(), start()])
    const row = { owner: 1, id: 2, text: 'x' }
    await started[0]!.apply([{ kind: 'upsert', table: notes('others'), row }], 1)
    expect(await started[2]!.get(notes('others'), { owner: 1, id: 2 })).toEqual(row)
    await Promise.all(started.map((tables) => tables.close()))
    await dropKeyspace(session, own)
  })

  it('names what differs', async () => {
    const tables = await open()
    await tables.create([notes('notes')])
    const { columns, ...rest } = notes('notes')
    const differing: [Partial<TableDeclaration>, string][] = [
      [{ columns: { ...columns, more: 'int' } }, 'notes has no column more'],
      [{ columns: { owner: 'bigint', id: 'int' } }, 'notes has a column text that is not declared'],
      [{ columns: { ...columns, text: 'blob' } }, 'notes has a column text of type text, not blob'],
      [{ clusteringKey: ['id', 'text'] }, 'notes has the key (owner) id, not (owner) id, text'],
      [{ ttlSeconds: 5 }, 'notes keeps rows for 1000 s, not 5'],
    ]
    for (const [difference, message] of differing) {
      await expect(tables.create([{ ...rest, columns, ...difference }])).rejects.toThrow(message)
    }
    await tables.close()
  })
  it('goes through many pages of a table and of a range', async () => {
    const tables = await open()
    await tables.create([notes('pages')])
    const ids = Array.from({ length: 4_500 }, (_, id) => id)
    const table = notes('pages')
    await tables.apply(
      ids.map((id) => ({ kind: 'upsert', table, row: { owner: id % 2, id, text: 'x' } }) as const),
      1,
    )
    const seen: (number | null)[] = []
    for await (const row of tables.scan(table)) seen.push(row.id)
    expect(seen.sort((a, b) => a! - b!)).toEqual(ids)
    const odd = await tables.range(table, { owner: 1 }, { limit: 10_000, descending: true })
    expect(odd.map((row) => row.id)).toEqual(ids.filter((id) => id % 2 === 1).reverse())
    const some = await tables.range(table, { owner: 0 }, { limit: 2_100 })
    expect(some.length).toBe(2_100)
    await tables.close()
  })

  it('tells about how much is in each table, once the server has counted', async () => {
    for (const name of ['system_distributed', keyspace]) {
      for (const { table, partitions, sizeBytes } of await estimateSizes(session, name)) {
        expect(table).not.toBe('')
        expect(sizeBytes).toBeGreaterThanOrEqual(partitions)
      }
    }
  })
})
