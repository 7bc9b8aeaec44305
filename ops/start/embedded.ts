import { join } from 'node:path'
import { EmbeddedRegistry } from '@heliograph/schemas/avro'
import { MemoryBus, MemoryStateCache } from '@heliograph/storage'
import { openKeyring } from '@heliograph/storage/files'
import { LmdbKeyStore, LmdbTables, StoreEnvironment } from '@heliograph/storage/lmdb'
import { LmdbLog } from '@heliograph/topics/lmdb'
import type { Ports } from './compose.ts'

const MASTER_KEY_FILE = 'master.key'

export interface EmbeddedStores {
  readonly ports: Omit<Ports, 'nowMs' | 'random'>
  close(): Promise<void>
}

/**
 * The stores of one machine, in one directory: log, tables and wrapped keys share one LMDB environment, whose one write queue
 * makes a crash lose the same suffix of all of them. State cache and bus live in the process.
 * @throws with one line where the directory is in use, damaged or not writable
 */
export async function openEmbedded(
  directory: string,
  onFailure: (error: Error) => void,
): Promise<EmbeddedStores> {
  const environment = await StoreEnvironment.open(directory, onFailure)
  const log = new LmdbLog(environment)
  const tables = new LmdbTables(environment)
  const cache = new MemoryStateCache()
  const bus = new MemoryBus()
  const keyring = await openKeyring(join(directory, MASTER_KEY_FILE), new LmdbKeyStore(environment))
  return {
    ports: { log, tables, cache, bus, keyring, registry: new EmbeddedRegistry() },
    close: async () => {
      await Promise.all([bus.close(), cache.close(), log.close(), tables.close()])
      await environment.close()
    },
  }
}
