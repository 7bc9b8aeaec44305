import { type FileHandle, open } from 'node:fs/promises'

/** Files that are kept open for their next reader. */
const MAX_OPEN = 64

interface OpenFile {
  readonly handle: Promise<FileHandle>
  readers: number
  /** No longer kept: closed when its last reader is done. */
  dropped: boolean
}

/**
 * Files that are read again and again, a part each time, stay open for a while. Files never change once they are there; one
 * that is deleted is dropped.
 */
export class OpenFiles {
  /** The one used last stands last. */
  readonly #files = new Map<string, OpenFile>()

  /** Runs `read` on the open file; rejects as opening it does where there is none. */
  async use<T>(path: string, read: (handle: FileHandle) => Promise<T>): Promise<T> {
    const file = this.#take(path)
    file.readers++
    try {
      return await read(await file.handle)
    } catch (error) {
      this.#drop(path, file)
      throw error
    } finally {
      file.readers--
      if (file.dropped && file.readers === 0) await close(file)
    }
  }

  /** For a file that is to be deleted. */
  async forget(path: string): Promise<void> {
    const file = this.#files.get(path)
    if (file !== undefined) this.#drop(path, file)
    if (file?.readers === 0) await close(file)
  }

  #take(path: string): OpenFile {
    const known = this.#files.get(path)
    if (known !== undefined) this.#files.delete(path)
    const file = known ?? { handle: open(path, 'r'), readers: 0, dropped: false }
    this.#files.set(path, file)
    if (this.#files.size > MAX_OPEN) this.#dropOldest()
    return file
  }

  #dropOldest(): void {
    for (const [path, file] of this.#files) {
      this.#drop(path, file)
      if (file.readers === 0) void close(file)
      return
    }
  }

  #drop(path: string, file: OpenFile): void {
    file.dropped = true
    if (this.#files.get(path) === file) this.#files.delete(path)
  }
}

/** One that could not be opened needs no closing. */
async function close(file: OpenFile): Promise<void> {
  await file.handle.then(
    (handle) => handle.close(),
    () => undefined,
  )
}
