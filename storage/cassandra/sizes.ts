import type { Host, types } from 'cassandra-driver'
import type { CassandraSession } from './session.ts'
import { encodeText } from './values.ts'

/** About how much is in a table: as of some minutes ago, what is only in memory not counted. */
export interface TableSize {
  readonly table: string
  readonly partitions: number
  /** Of one copy. */
  readonly sizeBytes: number
}

/** Sums what each node of the local data centre estimates of the part of the ring that it is first for. @throws StoreUnavailable */
export async function estimateSizes(session: CassandraSession, keyspace: string): Promise<TableSize[]> {
  const nodes = session.client.hosts.values().filter((host) => host.datacenter === session.localDataCenter)
  const estimates = await Promise.all(nodes.map((node) => estimatesOf(session, keyspace, node)))
  const sizes = new Map<string, TableSize>()
  for (const { table_name: table, partitions_count: count, mean_partition_size: mean } of estimates.flat()) {
    const before = sizes.get(table) ?? { table, partitions: 0, sizeBytes: 0 }
    const partitions = (count as types.Long).toNumber()
    const sizeBytes = partitions * (mean as types.Long).toNumber()
    sizes.set(table, {
      table,
      partitions: before.partitions + partitions,
      sizeBytes: before.sizeBytes + sizeBytes,
    })
  }
  return [...sizes.values()].sort((one, other) => other.sizeBytes - one.sizeBytes)
}

async function estimatesOf(session: CassandraSession, keyspace: string, host: Host): Promise<types.Row[]> {
  const query =
    'SELECT table_name, partitions_count, mean_partition_size FROM system.size_estimates WHERE keyspace_name = ?'
  return (await session.readFrom(host, query, [encodeText(keyspace)])).rows
}
