import { type Client, types } from 'cassandra-driver'

/** A node as another one knows it; of one that is down that is what it was. */
export interface KnownNode {
  readonly address: string
  readonly schema: string | undefined
}

/** Whether a node and the others of which none is down have the same schema. */
export function agree(schema: string, others: readonly KnownNode[], down: ReadonlySet<string>): boolean {
  return others.every(({ address, schema: its }) => its === undefined || its === schema || down.has(address))
}

const OWN = 'SELECT schema_version FROM system.local'
const OTHERS = 'SELECT peer, rpc_address, schema_version FROM system.peers'
/** As the address for clients: the node's address for the other nodes is meant. */
const ANY = '0.0.0.0'

/**
 * Whether all nodes that are up have the same schema. (The driver's own check counts those that are down, which agree to nothing new
 * until they are back.)
 */
export async function schemaAgrees(client: Client): Promise<boolean> {
  const hosts = client.hosts.values()
  const host = hosts.find((each) => each.isUp())
  if (host === undefined) return false
  const ask = (query: string) =>
    client.execute(query, [], { host, consistency: types.consistencies.localOne, isIdempotent: true })
  try {
    const [own, others] = await Promise.all([ask(OWN), ask(OTHERS)])
    const known = others.rows.map(({ peer, rpc_address: address, schema_version: schema }) => ({
      address: String(String(address) === ANY ? peer : address),
      schema: schema?.toString(),
    }))
    const down = hosts.filter((each) => !each.isUp()).map(({ address }) => withoutPort(address))
    return agree(String(own.first().schema_version), known, new Set(down))
  } catch {
    return false
  }
}

const withoutPort = (address: string): string => address.slice(0, address.lastIndexOf(':'))
