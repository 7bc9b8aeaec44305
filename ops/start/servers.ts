import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { ConfluentRegistry } from '@heliograph/schemas/registry'
import type { TableDeclaration } from '@heliograph/storage'
import {
  CassandraKeyStore,
  CassandraSession,
  CassandraTables,
  dropKeyspace,
} from '@heliograph/storage/cassandra'
import { openKeyring } from '@heliograph/storage/files'
import { RedisBus, RedisStateCache } from '@heliograph/storage/redis'
import { SeaweedBlobs } from '@heliograph/storage/seaweedfs'
import { KafkaLog } from '@heliograph/topics/kafka'
import type { Logger } from 'pino'
import type { StackEndpoints } from '../stack/endpoints.ts'
import { MASTER_KEY_FILE } from './embedded.ts'
import type { StoreOptions } from './options/stores.ts'
import { copyPositions, type Replica } from './replica.ts'
import type { Stores } from './stores.ts'

/** What a deployment remembers of itself, in its first keyspace. `tables`: the keyspace that holds its tables now. */
const deployment = {
  name: 'deployment',
  columns: { name: 'text', value: 'text' },
  partitionKey: ['name'],
  clusteringKey: [],
} as const satisfies TableDeclaration
const TABLES = 'tables'

/** Connects to the five servers. What the deployment owns there carries its namespace. */
export async function openServers(
  servers: StackEndpoints,
  { data, namespace, datacenter, otherMasters }: StoreOptions,
  logger: Logger,
): Promise<Omit<Stores, 'embedded' | 'partitions'>> {
  const session = await CassandraSession.connect({
    contactPoints: servers.cassandra,
    localDataCenter: datacenter,
    warn: (message) => logger.warn({ server: 'cassandra' }, message),
  })
  const home = await CassandraTables.open(session, { keyspace: namespace })
  await home.create([deployment])
  const keyspace = (await home.get(deployment, { name: TABLES }))?.value ?? namespace
  const tables = keyspace === namespace ? home : await CassandraTables.open(session, { keyspace })
  const registry = new ConfluentRegistry({ url: servers.registry, subjectPrefix: `${namespace}.` })
  const log = await KafkaLog.connect({
    brokers: servers.kafka,
    prefix: `${namespace}.`,
    clientId: `heliograph-${randomUUID()}`,
    warn: (message) => logger.warn({ server: 'kafka' }, message),
  })
  const redis = {
    nodes: servers.redis,
    prefix: `${namespace}:`,
    onConnectionError: (error: Error) =>
      logger.warn({ server: 'redis', reason: error.message }, 'connection lost'),
  }
  const cache = await RedisStateCache.connect(redis)
  const bus = await RedisBus.connect(redis)
  const keyring = await openKeyring(
    join(data, MASTER_KEY_FILE),
    await CassandraKeyStore.open(session, { keyspace: namespace }),
    { bus, otherMasterPaths: otherMasters },
  )
  const blobs = new SeaweedBlobs({ filer: servers.seaweedfs, directory: namespace })
  return {
    ports: { log, tables, cache, bus, blobs, keyring, registry },
    replica: replicaBeside(session, home, tables),
    close: async () => {
      await Promise.all([bus.close(), cache.close(), log.close(), blobs.close()])
      await session.close()
    },
  }
}

/** The keyspace after the present one; adopting it makes roles that start from now on read and write it. */
function replicaBeside(session: CassandraSession, home: CassandraTables, live: CassandraTables): Replica {
  const number = Number(/_r(\d+)$/.exec(live.keyspace)?.[1] ?? 0) + 1
  const keyspace = `${home.keyspace}_r${number}`
  return {
    place: `keyspace ${keyspace}`,
    open: () => CassandraTables.open(session, { keyspace }),
    adopt: async (replayed) => {
      await copyPositions(live, replayed)
      const row = { name: TABLES, value: keyspace }
      await home.apply([{ kind: 'upsert', table: deployment, row }], number)
      return `adopted: roles that start from now on use keyspace ${keyspace}; restart all of them`
    },
    drop: () => dropKeyspace(session, keyspace),
  }
}
