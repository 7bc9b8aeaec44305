import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Blobs } from '../blobs.ts'
import { limited } from '../limited.ts'

const FAN_OUT_CHARACTERS = 2
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

/** Each blob is a file named by the SHA-256 of its key, in one of 256 directories. */
export class FileBlobs implements Blobs {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  async put(key: string, content: Readable | Buffer, maxBytes: number): Promise<number> {
    const path = this.#pathOf(key)
    await mkdir(dirname(path), { recursive: true, mode: DIRECTORY_MODE })
    const temporary = `${path}.${randomUUID()}`
    try {
      await writeSynced(temporary, content, maxBytes)
      const known = await this.size(key)
      if (known !== undefined) return known
      await rename(temporary, path)
      await syncDirectory(dirname(path))
      return (await stat(path)).size
    } finally {
      await rm(temporary, { force: true })
    }
  }

  async read(key: string, start: number, end: number): Promise<Buffer | undefined> {
    const file = await unlessMissing(open(this.#pathOf(key), 'r'))
    if (file === undefined) return undefined
    try {
      return await readPart(file, start, end)
    } finally {
      await file.close()
    }
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
    await rm(this.#pathOf(key), { force: true })
  }

  #pathOf(key: string): string {
    const name = createHash('sha256').update(key).digest('hex')
    return join(this.#directory, name.slice(0, FAN_OUT_CHARACTERS), name)
  }
}

async function writeSynced(path: string, content: Readable | Buffer, maxBytes: number): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE)
  try {
    for await (const chunk of limited(content, maxBytes)) await file.write(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function readPart(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const { size } = await file.stat()
  const length = Math.max(0, Math.min(end, size) - start)
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
