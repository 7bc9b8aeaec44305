import type { StackEndpoints } from '../stack/endpoints.ts'
import type { StoreOptions } from './options/stores.ts'
import type { Stores } from './stores.ts'

/** Connects to the five servers. What the deployment owns there carries its namespace. */
export async function openServers(
  _servers: StackEndpoints,
  _options: StoreOptions,
): Promise<Pick<Stores, 'ports' | 'close'>> {
  throw new Error('the adapters of the servers are being written')
}
