import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { lockDataDirectory } from './data-lock.ts'
import { type StorageFailed, storageFailure } from './failures.ts'
import { Journal } from './journal.ts'
import type { JournalContent } from './journal-format.ts'
import { metaDamage } from './meta-pages.ts'
import { SPACE_NAMES, Space, type SpaceName } from './space.ts'

const DATABASE_FILE = 'data.mdb'
/** Writes that nobody waits for are made durable after so long. */
const LAZY_SYNC_MS = 5
/** LMDB gets what the journal holds at this many keys, or after this time. */
const CHECKPOINT_KEYS = 4096
const CHECKPOINT_MS = 500
/** With so much that LMDB does not have, writers are asked to wait (`room`): small rows cost more memory than their bytes. */
export const MAX_QUEUED_BYTES = 32 * 1024 * 1024
export const MAX_QUEUED_KEYS = 65_536

const LOG_SPACE = SPACE_NAMES.indexOf('log')
/** Frames that follow each other within this time are many, and gathering more in each is worth the wait. */
const BUSY_MS = 5
const DONE = Promise.resolve()

interface Waiting {
  resolve(): void
  reject(error: Error): void
}

/**
 * One LMDB environment, and the one queue of all writes to it. A write is seen at once; it goes to the journal with all
 * others of its turn of the event loop, in order, so that a crash loses a suffix of the writes of all spaces together.
 * LMDB follows in larger transactions: its copied pages cost more than the rows on them. What a crash left in the journal
 * is given to LMDB at the next start. A failed write ends writing for good.
 */
export class StoreEnvironment {
  readonly #root: RootDatabase<Buffer, Buffer>
  readonly #journal: Journal
  readonly #release: () => void
  readonly #spaces: readonly Space[]
  readonly #onFailure: ((error: StorageFailed) => void) | undefined
  #queuedBytes = 0
  #waiting: Waiting[] = []
  /** Those whom the frame that is being written concerns. */
  #inSync: Waiting[] = []
  /** Writes are numbered: the last one queued, of these the last record of the log, and how far the disk is and will be. */
  #queuedWrites = 0
  #lastRecord = 0
  #durable = 0
  #syncingTo = 0
  #syncedAtMs = 0
  #roomy: (() => void)[] = []
  #scheduled = false
  #syncing = false
  #checkpoint: Promise<void> | undefined
  #checkpointAtMs = performance.now() + CHECKPOINT_MS
  #lazy: NodeJS.Timeout | undefined
  #failure: StorageFailed | undefined

  private constructor(
    root: RootDatabase<Buffer, Buffer>,
    journal: Journal,
    release: () => void,
    onFailure?: (error: StorageFailed) => void,
  ) {
    this.#root = root
    this.#journal = journal
    this.#release = release
    this.#onFailure = onFailure
    this.#spaces = SPACE_NAMES.map((name, number) => {
      const db = root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' })
      return new Space(db, (key, value) => this.#queued(number, key, value))
    })
  }

  /**
   * Opens (and makes) the store in a directory. Throws `DataDirectoryInUse` or `StorageFailed`. `onFailure` is told once
   * when a write fails, whether or not anybody waits for it.
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
      const root = openRoot(join(directory, DATABASE_FILE))
      const { journal, left } = Journal.open(directory)
      const environment = new StoreEnvironment(root, journal, lock.release, onFailure)
      await environment.#recover(left)
      return environment
    } catch (error) {
      lock.release()
      throw await storageFailure(`open the store in ${directory}`, error)
    }
  }

  /** A set of keys of its own. */
  space(name: SpaceName): Space {
    return this.#spaces[SPACE_NAMES.indexOf(name)]!
  }

  /** Resolves when all that was queued before survives a crash; rejects with `StorageFailed` when it never will. */
  barrier(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#journal.isEmpty && !this.#syncing) return DONE
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#schedule()
    })
  }

  /**
   * As `barrier`, up to the last record of the log: what was queued since may still be lost. After a pause, writing begins
   * at once and not at the end of the turn.
   */
  appended(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#durable >= this.#lastRecord) return DONE
    return new Promise((resolve, reject) => {
      if (this.#syncing && this.#syncingTo >= this.#lastRecord) this.#inSync.push({ resolve, reject })
      else {
        this.#waiting.push({ resolve, reject })
        if (performance.now() - this.#syncedAtMs < BUSY_MS) this.#schedule()
        else if (!this.#syncing) void this.#sync()
      }
    })
  }

  /** Undefined while there is room for more writes; otherwise resolves when there is. */
  room(): Promise<void> | undefined {
    if (this.#hasRoom) return undefined
    return new Promise((resolve) => {
      this.#roomy.push(resolve)
      // A checkpoint on its way looks after whoever waits by then, and so does a frame that is being written.
      if (this.#checkpoint === undefined) this.#schedule()
    })
  }

  /** Makes everything durable and closes. */
  async close(): Promise<void> {
    try {
      await this.barrier()
      await this.#checkpoint
      if (this.#failure === undefined) await this.#commitAll()
    } finally {
      clearTimeout(this.#lazy)
      await this.#root.close()
      this.#journal.close()
      this.#release()
    }
  }

  #queued(space: number, key: string, value: Buffer | null): void {
    if (this.#failure !== undefined) throw this.#failure
    this.#journal.add(space, key, value)
    this.#queuedWrites++
    if (space === LOG_SPACE) this.#lastRecord = this.#queuedWrites
    this.#queuedBytes += key.length + (value?.length ?? 0)
    this.#syncLater()
  }

  #syncLater(): void {
    this.#lazy ??= setTimeout(() => {
      // Also where a frame is being written just now: what comes after that needs a timer of its own.
      this.#lazy = undefined
      this.#schedule()
    }, LAZY_SYNC_MS)
  }

  /** At the end of the event loop's turn, so that one frame takes all that the turn did. */
  #schedule(): void {
    if (this.#scheduled || this.#syncing) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      if (!this.#syncing) void this.#sync()
    })
  }

  async #sync(): Promise<void> {
    clearTimeout(this.#lazy)
    this.#lazy = undefined
    const waiting = this.#waiting
    this.#waiting = []
    this.#inSync = waiting
    this.#syncing = true
    this.#syncingTo = this.#queuedWrites
    const written = this.#journal.flush()
    const checkpoint = this.#checkpoint === undefined && this.#isCheckpointDue()
    if (checkpoint) this.#freeze()
    try {
      await written
    } catch (error) {
      return this.#fail(await storageFailure('write to the store', error), waiting)
    }
    this.#syncing = false
    this.#syncedAtMs = performance.now()
    this.#durable = this.#syncingTo
    if (checkpoint) this.#checkpoint = this.#commitFrozen()
    for (const { resolve } of waiting) resolve()
    this.#continue()
  }

  #continue(): void {
    if (this.#hasRoom) {
      for (const resolve of this.#roomy.splice(0)) resolve()
    }
    const isFull = this.#roomy.length > 0 && this.#checkpoint === undefined
    if (this.#waiting.length > 0 || isFull) this.#schedule()
    else if (!this.#journal.isEmpty) this.#syncLater()
  }

  get #hasRoom(): boolean {
    return this.#queuedBytes < MAX_QUEUED_BYTES && this.#pendingKeys < MAX_QUEUED_KEYS
  }

  get #pendingKeys(): number {
    let keys = 0
    for (const space of this.#spaces) keys += space.pendingKeys
    return keys
  }

  #isCheckpointDue(): boolean {
    if (this.#queuedBytes >= MAX_QUEUED_BYTES) return true
    const keys = this.#pendingKeys
    return keys >= CHECKPOINT_KEYS || (keys > 0 && performance.now() >= this.#checkpointAtMs)
  }

  /** Ends a generation of the journal: what it holds is what LMDB gets, once all of it is in the journal. */
  #freeze(): void {
    this.#checkpointAtMs = performance.now() + CHECKPOINT_MS
    this.#queuedBytes = 0
    this.#journal.rotate()
    for (const space of this.#spaces) space.freeze()
  }

  async #commitFrozen(): Promise<void> {
    try {
      await this.#root.batch(() => {
        for (const space of this.#spaces) space.flush()
      })
    } catch (error) {
      return this.#fail(await storageFailure('write to the store', error), [])
    }
    this.#root.resetReadTxn()
    for (const space of this.#spaces) space.settled()
    this.#checkpoint = undefined
    this.#continue()
  }

  /** Gives LMDB what is durable in the journal, and empties the journal. */
  async #commitAll(): Promise<void> {
    this.#freeze()
    await this.#commitFrozen()
    if (this.#failure === undefined) this.#journal.reset()
  }

  async #recover(left: readonly JournalContent[]): Promise<void> {
    for (const { writes } of left) {
      for (const { space, key, value } of writes) this.#spaces[space]?.restore(key, value)
    }
    await this.#commitAll()
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Nothing is written after this: a later write without an earlier one would be a hole. */
  #fail(failure: StorageFailed, waiting: readonly Waiting[]): void {
    this.#failure ??= failure
    this.#syncing = false
    for (const { reject } of [...waiting, ...this.#waiting]) reject(failure)
    this.#waiting = []
    for (const resolve of this.#roomy.splice(0)) resolve()
    this.#onFailure?.(failure)
  }
}

function openRoot(path: string): RootDatabase<Buffer, Buffer> {
  const damage = metaDamage(path)
  if (damage !== undefined) throw new Error(damage)
  return open<Buffer, Buffer>({
    path,
    noSubdir: true,
    encoding: 'binary',
    keyEncoding: 'binary',
    maxDbs: SPACE_NAMES.length,
    // A commit resolves when it is on the disk: only then may the journal be overwritten.
    overlappingSync: false,
    // Else lmdb-js makes a promise of its own for each turn's writes, which nobody can have, and whose rejection, where a commit
    // fails, ends the process before anybody is told why.
    eventTurnBatching: false,
  })
}
