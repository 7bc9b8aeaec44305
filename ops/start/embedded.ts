import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedRegistry } from '@heliograph/schemas/avro'
import { MemoryBus, MemoryStateCache } from '@heliograph/storage'
import { FileBlobs, openKeyring } from '@heliograph/storage/files'
import { LmdbKeyStore, LmdbTables, StoreEnvironment } from '@heliograph/storage/lmdb'
import { LmdbLog } from '@heliograph/topics/lmdb'
import type { Ports } from './compose.ts'

export const MASTER_KEY_FILE = 'master.key'
const BLOBS_DIRECTORY = 'blobs'
const STORE_FILE = 'data.mdb'

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
  await makePrivate(directory)
  const log = new LmdbLog(environment)
  const tables = new LmdbTables(environment)
  const cache = new MemoryStateCache()
  const bus = new MemoryBus()
  const blobs = new FileBlobs(join(directory, BLOBS_DIRECTORY))
  const keyring = await openKeyring(join(directory, MASTER_KEY_FILE), new LmdbKeyStore(environment))
  return {
    ports: { log, tables, cache, bus, blobs, keyring, registry: new EmbeddedRegistry() },
    close: async () => {
      await Promise.all([bus.close(), cache.close(), log.close(), tables.close()])
      await environment.close()
    },
  }
}

/** The store makes its files readable for all; contents are sealed, but who writes to whom is not. */
async function makePrivate(directory: string): Promise<void> {
  const files = (await readdir(directory)).filter((name) => name.startsWith(STORE_FILE))
  await Promise.all(files.map((name) => chmod(join(directory, name), 0o600)))
}
