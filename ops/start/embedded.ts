import { chmod, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedRegistry } from '@heliograph/schemas/avro'
import { MemoryBus, MemoryStateCache } from '@heliograph/storage'
import { FileBlobs, openKeyring } from '@heliograph/storage/files'
import { LmdbKeyStore, LmdbTables, StoreEnvironment } from '@heliograph/storage/lmdb'
import { LmdbLog } from '@heliograph/topics/lmdb'
import { repairRows } from '../operate/replay/repair.ts'
import type { Replica } from './replica.ts'
import type { Stores } from './stores.ts'

export const MASTER_KEY_FILE = 'master.key'
const BLOBS_DIRECTORY = 'blobs'
const STORE_FILE = 'data.mdb'
const REPLICA_DIRECTORY = 'replay'

export type EmbeddedStores = Omit<Stores, 'embedded' | 'partitions'>

/**
 * The stores of one machine, in one directory: log, tables and wrapped keys share one LMDB environment, whose one write queue
 * makes a crash lose the same suffix of all of them. State cache and bus live in the process.
 * @param otherMasters files of master keys to read with besides the directory's own
 * @throws with one line where the directory is in use, damaged or not writable
 */
export async function openEmbedded(
  directory: string,
  onFailure: (error: Error) => void,
  otherMasters: readonly string[] = [],
): Promise<EmbeddedStores> {
  const environment = await StoreEnvironment.open(directory, onFailure)
  await makePrivate(directory)
  const log = new LmdbLog(environment)
  const tables = new LmdbTables(environment)
  const cache = new MemoryStateCache()
  const bus = new MemoryBus()
  const blobs = new FileBlobs(join(directory, BLOBS_DIRECTORY))
  const keys = new LmdbKeyStore(environment)
  const keyring = await openKeyring(join(directory, MASTER_KEY_FILE), keys, {
    otherMasterPaths: otherMasters,
  })
  const replica = new EmbeddedReplica(join(directory, REPLICA_DIRECTORY))
  return {
    ports: { log, tables, cache, bus, blobs, keyring, registry: new EmbeddedRegistry() },
    replica: replica.beside(tables),
    close: async () => {
      await replica.close()
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

/** A second environment in a directory of its own. Adopting it writes into the live tables what they have otherwise. */
class EmbeddedReplica {
  readonly #directory: string
  #environment: StoreEnvironment | undefined
  readonly #opened: LmdbTables[] = []

  constructor(directory: string) {
    this.#directory = directory
  }

  beside(live: LmdbTables): Replica {
    return {
      place: this.#directory,
      open: async () => {
        this.#environment ??= await StoreEnvironment.open(this.#directory)
        await makePrivate(this.#directory)
        const tables = new LmdbTables(this.#environment)
        this.#opened.push(tables)
        return tables
      },
      adopt: async (replayed, found) => {
        await repairRows({ live, scratch: replayed }, found)
        return `adopted: ${found.differences.length} rows of the live tables were mended`
      },
      drop: async () => {
        await this.close()
        await rm(this.#directory, { recursive: true, force: true })
      },
    }
  }

  async close(): Promise<void> {
    for (const tables of this.#opened.splice(0)) await tables.close()
    await this.#environment?.close()
    this.#environment = undefined
  }
}
