import { types } from 'cassandra-driver'
import { expect, it } from 'vitest'
import type { CassandraSession } from './session.ts'
import { estimateSizes } from './sizes.ts'

const long = types.Long.fromNumber
const part = (table_name: string, partitions: number, mean: number) => ({
  table_name,
  partitions_count: long(partitions),
  mean_partition_size: long(mean),
})

it('sizes are summed over the parts and nodes of the local data centre, the largest first', async () => {
  const parts: Record<string, object[]> = {
    one: [part('small', 10, 5), part('large', 3, 1000)],
    two: [part('large', 2, 500)],
  }
  const nodes = [
    { address: 'one', datacenter: 'here' },
    { address: 'two', datacenter: 'here' },
    { address: 'three', datacenter: 'there' },
  ]
  const session = {
    localDataCenter: 'here',
    client: { hosts: { values: () => nodes } },
    readFrom: async ({ address }: { address: string }) => ({ rows: parts[address] }),
  } as unknown as CassandraSession
  expect(await estimateSizes(session, 'k')).toEqual([
    { table: 'large', partitions: 5, sizeBytes: 4000 },
    { table: 'small', partitions: 10, sizeBytes: 50 },
  ])
})
