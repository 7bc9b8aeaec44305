import { types } from 'cassandra-driver'

const { localQuorum, localOne } = types.consistencies

/**
 * Every write waits for a majority of the local replicas, and so does every read: each read meets at least one replica that has
 * the last acknowledged write. Actors rest decisions on what they read, gateways prove rights by it.
 */
export const WRITE_CONSISTENCY = localQuorum

/** Tables of which a stale answer does no harm, so that one replica's will do. */
const LOOSELY_READ: ReadonlySet<string> = new Set([
  // Found names are looked up in `usernames` before they are used; a name that is a moment late only misses a suggestion.
  'username_prefixes',
])

export function readConsistency(table: string): types.consistencies {
  return LOOSELY_READ.has(table) ? localOne : localQuorum
}
