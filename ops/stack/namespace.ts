import { CassandraSession, dropKeyspace } from '@heliograph/storage/cassandra'
import { KafkaLog } from '@heliograph/topics/kafka'
import type { StackEndpoints } from './endpoints.ts'

const ADOPTED = /_r\d+$/

/** Removes a deployment's topics and tables. What is left in Redis ends by itself. */
export async function removeNamespace(servers: StackEndpoints, namespace: string): Promise<void> {
  const log = await KafkaLog.connect({ brokers: servers.kafka, prefix: `${namespace}.` })
  await log.removeTopics()
  await log.close()
  const session = await CassandraSession.connect({ contactPoints: servers.cassandra })
  const { rows } = await session.client.execute('SELECT keyspace_name FROM system_schema.keyspaces')
  const names: string[] = rows.map((row) => String(row.keyspace_name))
  for (const name of names) if (name.replace(ADOPTED, '') === namespace) await dropKeyspace(session, name)
  await session.close()
}
