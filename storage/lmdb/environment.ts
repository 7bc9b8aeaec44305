import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { lockDataDirectory } from './data-lock.ts'
import { type StorageFailed, storageFailure } from './failures.ts'
import { metaDamage } from './meta-pages.ts'
import { Space } from './space.ts'

const DATABASE_FILE = 'data.mdb'
const MAX_SPACES = 8
/** Writes that nobody waits for are committed after so long. */
const LAZY_COMMIT_MS = 5
/** With so much queued, writers are asked to wait (`room`). */
export const MAX_QUEUED_BYTES = 64 * 1024 * 1024

const DONE = Promise.resolve()

interface Waiting {
  resolve(): void
  reject(error: Error): void
}

/**
 * One LMDB environment and the one queue of all writes to it. Each commit takes all that is queued, as one transaction,
 * so a crash loses a suffix of the writes of all spaces together. A failed commit ends writing for good.
 */
export class StoreEnvironment {
  readonly #root: RootDatabase<Buffer, Buffer>
  readonly #release: () => void
  readonly #spaces = new Map<string, Space>()
  readonly #onFailure: ((error: StorageFailed) => void) | undefined
  #queuedBytes = 0
  #queuedWrites = 0
  #waiting: Waiting[] = []
  #roomy: (() => void)[] = []
  #committing = false
  #scheduled = false
  #lazy: NodeJS.Timeout | undefined
  #failure: StorageFailed | undefined

  private constructor(
    root: RootDatabase<Buffer, Buffer>,
    release: () => void,
    onFailure?: (error: StorageFailed) => void,
  ) {
    this.#root = root
    this.#release = release
    this.#onFailure = onFailure
  }

  /**
   * Opens (and makes) the store in a directory. Throws `DataDirectoryInUse` or `StorageFailed`. `onFailure` is told once
   * when a commit fails, whether or not anybody waits for it.
   */
  static async open(
    directory: string,
    onFailure?: (error: StorageFailed) => void,
  ): Promise<StoreEnvironment> {
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
    } catch (error) {
      throw await storageFailure(`make ${directory}`, error)
    }
    const lock = lockDataDirectory(directory)
    try {
      const damage = metaDamage(join(directory, DATABASE_FILE))
      if (damage !== undefined) throw new Error(damage)
      const root = open<Buffer, Buffer>({
        path: join(directory, DATABASE_FILE),
        noSubdir: true,
        encoding: 'binary',
        keyEncoding: 'binary',
        maxDbs: MAX_SPACES,
        // Commits resolve when they are on the disk; measured as fast as overlapping them, and simpler to reason about.
        overlappingSync: false,
      })
      return new StoreEnvironment(root, lock.release, onFailure)
    } catch (error) {
      lock.release()
      throw await storageFailure(`open the store in ${directory}`, error)
    }
  }

  /** A set of keys of its own. The same name gives the same space. */
  space(name: string): Space {
    const known = this.#spaces.get(name)
    if (known !== undefined) return known
    const db = this.#root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' })
    const space = new Space(db, (bytes) => this.#queued(bytes))
    this.#spaces.set(name, space)
    return space
  }

  /** Resolves when all that was queued before survives a crash; rejects with `StorageFailed` when it never will. */
  barrier(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#queuedWrites === 0 && !this.#committing) return DONE
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#schedule()
    })
  }

  /** Undefined while there is room for more writes; otherwise resolves when there is. */
  room(): Promise<void> | undefined {
    if (this.#queuedBytes < MAX_QUEUED_BYTES) return undefined
    return new Promise((resolve) => this.#roomy.push(resolve))
  }

  /** Commits what is queued and closes. */
  async close(): Promise<void> {
    try {
      if (this.#failure === undefined) await this.barrier()
    } finally {
      clearTimeout(this.#lazy)
      await this.#root.close()
      this.#release()
    }
  }

  #queued(bytes: number): void {
    if (this.#failure !== undefined) throw this.#failure
    this.#queuedBytes += bytes
    this.#queuedWrites++
    this.#lazy ??= setTimeout(() => this.#schedule(), LAZY_COMMIT_MS)
  }

  /** At the end of the event loop's turn, so that one commit takes all that the turn did. */
  #schedule(): void {
    if (this.#scheduled || this.#committing) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      void this.#commit()
    })
  }

  async #commit(): Promise<void> {
    clearTimeout(this.#lazy)
    this.#lazy = undefined
    const waiting = this.#waiting
    this.#waiting = []
    this.#queuedBytes = 0
    this.#queuedWrites = 0
    this.#committing = true
    try {
      await Promise.all([...this.#spaces.values()].map((space) => space.flush()))
    } catch (error) {
      return this.#fail(await storageFailure('write to the store', error), waiting)
    }
    this.#committing = false
    this.#root.resetReadTxn()
    for (const space of this.#spaces.values()) space.settled()
    for (const { resolve } of waiting) resolve()
    this.#continue()
  }

  #continue(): void {
    const roomy = this.#roomy
    this.#roomy = []
    for (const resolve of roomy) resolve()
    if (this.#waiting.length > 0) this.#schedule()
    else if (this.#queuedWrites > 0) this.#lazy ??= setTimeout(() => this.#schedule(), LAZY_COMMIT_MS)
  }

  /** Nothing is committed after this: a later write without an earlier one would be a hole. */
  #fail(failure: StorageFailed, waiting: readonly Waiting[]): void {
    this.#failure = failure
    this.#committing = false
    for (const { reject } of [...waiting, ...this.#waiting]) reject(failure)
    this.#waiting = []
    for (const resolve of this.#roomy) resolve()
    this.#onFailure?.(failure)
  }
}
