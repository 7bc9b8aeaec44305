import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { areaOf, type BlobEntry, type Blobs, BlobTooLarge, blobFileName, type PutOptions } from '../blobs.ts'
import { limited } from '../limited.ts'
import { OpenFiles } from './open-files.ts'

const FAN_OUT_CHARACTERS = 2
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700
const ASKED_FROM_BYTES = 2 * 1024 * 1024

/** Each blob is a file named by the SHA-256 of its key, in one of 256 directories of its area's. */
export class FileBlobs implements Blobs {
  readonly #directory: string
  readonly #made = new Set<string>()
  readonly #open = new OpenFiles()

  constructor(directory: string) {
    this.#directory = directory
  }

  async put(
    key: string,
    content: Readable | Buffer,
    maxBytes: number,
    { durable = true, replace = false }: PutOptions = {},
  ): Promise<number> {
    if (Buffer.isBuffer(content) && content.length > maxBytes)
      throw new BlobTooLarge(`a blob may have ${maxBytes} bytes`)
    const path = this.#pathOf(key)
    await this.#makeDirectory(dirname(path))
    const temporary = `${path}.${randomUUID()}`
    try {
      const size = await write(temporary, content, maxBytes, durable)
      const known = replace ? undefined : await this.size(key)
      if (known !== undefined) {
        await rm(temporary, { force: true })
        return known
      }
      await rename(temporary, path)
      if (replace) await this.#open.forget(path)
      if (durable) await syncDirectory(dirname(path))
      return size
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  async read(key: string, start: number, end: number): Promise<Buffer | undefined> {
    return unlessMissing(this.#open.use(this.#pathOf(key), (file) => readPart(file, start, end)))
  }

  async stream(key: string, start = 0, end?: number): Promise<Readable | undefined> {
    const file = await unlessMissing(open(this.#pathOf(key), 'r'))
    if (file === undefined) return undefined
    const { size } = await file.stat()
    const to = Math.min(end ?? size, size)
    if (start < to) return createReadStream('', { fd: file, start, end: to - 1 })
    await file.close()
    return createReadStream('/dev/null')
  }

  async size(key: string): Promise<number | undefined> {
    return (await unlessMissing(stat(this.#pathOf(key))))?.size
  }

  async delete(key: string): Promise<void> {
    await this.#remove(this.#pathOf(key))
  }

  async *list(area: string): AsyncIterable<BlobEntry> {
    const root = join(this.#directory, area)
    for (const part of (await unlessMissing(readdir(root))) ?? []) {
      for (const name of (await unlessMissing(readdir(join(root, part)))) ?? []) {
        const found = await unlessMissing(stat(join(root, part, name)))
        if (found?.isFile()) yield { name, sizeBytes: found.size, modifiedMs: found.mtimeMs }
      }
    }
  }

  async deleteListed(area: string, name: string): Promise<void> {
    await this.#remove(this.#pathIn(area, name))
  }

  async #remove(path: string): Promise<void> {
    await rm(path, { force: true })
    await this.#open.forget(path)
  }

  async #makeDirectory(path: string): Promise<void> {
    if (this.#made.has(path)) return
    await mkdir(path, { recursive: true, mode: DIRECTORY_MODE })
    this.#made.add(path)
  }

  #pathOf(key: string): string {
    return this.#pathIn(areaOf(key), blobFileName(key))
  }

  #pathIn(area: string, name: string): string {
    return join(this.#directory, area, name.slice(0, FAN_OUT_CHARACTERS), name)
  }
}

/** Resolves to the bytes written. */
async function write(
  path: string,
  content: Readable | Buffer,
  maxBytes: number,
  durable: boolean,
): Promise<number> {
  const file = await open(path, 'wx', FILE_MODE)
  let written = 0
  try {
    for await (const chunk of limited(content, maxBytes)) {
      await file.writeFile(chunk)
      written += chunk.length
    }
    if (durable) await file.sync()
  } finally {
    await file.close()
  }
  return written
}

async function readPart(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const wanted = Math.max(0, end - start)
  // Most readers know how much there is; only for those who do not it has to be asked.
  const length =
    wanted <= ASKED_FROM_BYTES ? wanted : Math.max(0, Math.min(end, (await file.stat()).size) - start)
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

/** Makes a rename durable. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
