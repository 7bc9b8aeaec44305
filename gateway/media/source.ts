import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MediaSource } from './derivatives.ts'
import { FORMAT_BYTES } from './format.ts'

/** The first bytes of a source, enough for `formatOf`. */
export async function beginningOf(source: MediaSource): Promise<Buffer> {
  return typeof source === 'string' ? readAt(source, 0, FORMAT_BYTES) : source.subarray(0, FORMAT_BYTES)
}

/** Up to `length` bytes of a file from `position` on. */
export async function readAt(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Runs `work` in a new directory that is gone afterwards. */
export async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'heliograph-media-'))
  try {
    return await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Runs `work` with the source as a file, in which programs can seek. */
export function asFile<T>(source: MediaSource, work: (path: string) => Promise<T>): Promise<T> {
  if (typeof source === 'string') return work(source)
  return inDirectory(async (directory) => {
    const path = join(directory, 'source')
    await writeFile(path, source, { mode: 0o600 })
    return work(path)
  })
}
