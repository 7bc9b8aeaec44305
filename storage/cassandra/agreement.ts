import { type Client, type Host, types } from 'cassandra-driver'

const VERSION = 'SELECT schema_version FROM system.local'

/** What is needed of a client; tests have one of their own. */
export type SchemaClient = Pick<Client, 'execute'> & {
  readonly hosts: { values(): Pick<Host, 'datacenter' | 'isUp'>[] }
}

/**
 * Whether all nodes of a data centre that are up have the same schema. Each is asked by itself: what a node knows of others is seconds
 * old, and of those that are down, which the driver's own check counts, for ever.
 */
export async function schemaAgrees(client: SchemaClient, dataCenter: string): Promise<boolean> {
  const up = client.hosts.values().filter((host) => host.datacenter === dataCenter && host.isUp())
  const options = { consistency: types.consistencies.localOne, isIdempotent: true }
  const ask = async (host: object): Promise<string> => {
    const { rows } = await client.execute(VERSION, [], { ...options, host: host as Host })
    return String(rows[0]?.schema_version)
  }
  try {
    return new Set(await Promise.all(up.map(ask))).size === 1
  } catch {
    return false
  }
}
