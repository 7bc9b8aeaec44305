import { mkdir } from 'node:fs/promises'
import type { Logger } from 'pino'
import { readStack, type StackEndpoints } from '../stack/endpoints.ts'
import type { Ports } from './compose.ts'
import { openEmbedded } from './embedded.ts'
import { InvalidOption } from './options/fields.ts'
import type { StoreOptions } from './options/stores.ts'
import type { Replica } from './replica.ts'
import { openServers } from './servers.ts'

export const EMBEDDED_PARTITIONS = 1
const SERVER_PARTITIONS = 8

export interface Stores {
  readonly ports: Omit<Ports, 'nowMs' | 'random'>
  /** Whether they are of this process alone. */
  readonly embedded: boolean
  /** Partitions per topic, as the options say or as is usual for these stores. */
  readonly partitions: number
  /** Where a replay puts its tables. */
  readonly replica: Replica
  close(): Promise<void>
}

const SERVERS = ['kafka', 'cassandra', 'redis', 'seaweedfs', 'registry'] as const

/**
 * Opens what the options name: the five servers, or the embedded stores in the data directory.
 * @param onFailure told once when embedded stores fail for good
 * @throws InvalidOption where only some of the servers are named; one line where a store cannot be opened
 */
export async function openStores(
  options: StoreOptions,
  log: Logger,
  onFailure: (error: Error) => void = () => {},
): Promise<Stores> {
  await mkdir(options.data, { recursive: true, mode: 0o700 })
  const servers = await serversOf(options)
  if (servers === undefined) {
    const stores = await openEmbedded(options.data, onFailure, options.otherMasters)
    return { ...stores, embedded: true, partitions: options.partitions ?? EMBEDDED_PARTITIONS }
  }
  const stores = await openServers(servers, options, log)
  return { ...stores, embedded: false, partitions: options.partitions ?? SERVER_PARTITIONS }
}

/** The servers that the options name, one by one or in a file; undefined for none. */
export async function serversOf(options: StoreOptions): Promise<StackEndpoints | undefined> {
  const named = SERVERS.filter((server) => options[server] !== undefined)
  const fromFile = options.servers === undefined ? undefined : await readStack(options.servers)
  if (fromFile === undefined && named.length === 0) return undefined
  const all = { ...fromFile, ...Object.fromEntries(named.map((server) => [server, options[server]])) }
  const missing = SERVERS.filter((server) => all[server] === undefined)
  if (missing.length > 0)
    throw new InvalidOption(
      `${missing.map((server) => `--${server}`).join(', ')}: missing; name all five servers, or none`,
    )
  return all as StackEndpoints
}
