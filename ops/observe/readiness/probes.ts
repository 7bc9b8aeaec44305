import { parkedActors } from '@heliograph/storage'
import type { Ports } from '../../start/compose.ts'
import type { OwnedPartitions } from '../stores/owned-partitions.ts'
import type { Readiness } from './readiness.ts'

const NOBODY = { group: 'probe', topic: 'probe', partition: 0 }
/** A key of the cache and of the blobs that nothing has. */
const NOTHING = 'probe'

/** Asks each store for something cheap that is not there. */
export function probeStores(
  readiness: Readiness,
  { log, tables, cache, blobs }: Pick<Ports, 'log' | 'tables' | 'cache' | 'blobs'>,
): void {
  readiness.probe('log', async () => void (await log.end('dead-letters', 0)))
  readiness.probe('tables', async () => void (await tables.range(parkedActors, NOBODY, { limit: 1 })))
  readiness.probe('cache', async () => void (await cache.get(NOTHING)))
  readiness.probe('blobs', async () => void (await blobs.size(NOTHING)))
}

/** Not ready while a group that this process wants to be in has not taken it in. */
export function probeGroups(readiness: Readiness, owned: OwnedPartitions): void {
  readiness.probe('groups', () => {
    const { waitingFor } = owned
    return waitingFor.length === 0 ? undefined : `not in yet: ${waitingFor.join(', ')}`
  })
}
