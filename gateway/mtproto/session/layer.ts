import { NEWEST_LAYER, servedLayer } from '@heliograph/schemas/tl'
import { sameClient } from '../client-info.ts'
import type { AuthKey, ClientInfo } from '../ports.ts'
import type { SessionPorts } from './ports.ts'

const served: number[] = []
/** Beyond any layer that will exist; larger numbers are not remembered. */
const LARGEST_LAYER = 4096

/** The known layer to write for a client that named `named`; the newest for one that has named none. */
export function servedLayerOf(named: number | undefined): number {
  if (named === undefined) return NEWEST_LAYER
  if (named > LARGEST_LAYER) return servedLayer(named)
  served[named] ??= servedLayer(named)
  return served[named]
}

/** Remembers what `invokeWithLayer` and `initConnection` said, when it differs from what is known of the key. */
export function describeKey(
  ports: SessionPorts,
  owner: AuthKey,
  layer: number | undefined,
  client: ClientInfo | undefined,
): void {
  const newLayer = layer !== undefined && layer !== owner.layer
  const newClient = client !== undefined && !sameClient(client, owner.client)
  if (!newLayer && !newClient) return
  const named = layer ?? owner.layer
  // The store compares with what it has, so it is told before the key is changed here.
  if (named !== undefined) ports.authKeys.describe(owner.id, named, client ?? owner.client)
  if (layer !== undefined) owner.layer = layer
  if (client !== undefined) owner.client = client
}
