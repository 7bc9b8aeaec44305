import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Ports } from './ports.ts'
import type { ProcessIdentity } from './process/identity.ts'

const schema = z.object({
  ports: z.record(z.string(), z.number().int().min(1).max(65_535)),
  process: z.object({ pid: z.number().int().positive(), startedAt: z.string() }).optional(),
})

/** What a server's directory remembers of it: the ports it keeps over restarts, and the process that we last started. */
export interface ServerRecord {
  readonly ports: Ports
  readonly process?: ProcessIdentity | undefined
}

const fileOf = (dir: string) => join(dir, 'server.json')

/** Undefined where the server was never started here, or what is there is not a record: then it starts as a new one. */
export async function readRecord(dir: string): Promise<ServerRecord | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(fileOf(dir), 'utf8')))
  } catch {
    return undefined
  }
}

export async function writeRecord(dir: string, record: ServerRecord): Promise<void> {
  await writeWhole(fileOf(dir), JSON.stringify(record))
}

/** Writes a file that readers see as the old or the new one, never half. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.${process.pid}`
  await writeFile(partial, text)
  await rename(partial, path)
}
