import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Where a running server is to be found: what `<data>/endpoints.json` holds. */
export interface Endpoints {
  readonly dcId: number
  /** host:port */
  readonly tcp: string
  /** http://host:port */
  readonly http: string
  /** Path of the PKCS#1 PEM. */
  readonly rsaPublicKey: string
}

const schema = z.object({ dcId: z.number(), tcp: z.string(), http: z.string(), rsaPublicKey: z.string() })
export const ENDPOINTS_FILE = 'endpoints.json'

/** Replaces the file in one step, so that a reader never sees half of it. */
export async function writeEndpoints(path: string, endpoints: Endpoints): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(endpoints, null, 2)}\n`)
  await rename(`${path}.new`, path)
}

/** @throws when there is no usable file: no server has been started on this directory */
export async function readEndpoints(dataDirectory: string): Promise<Endpoints> {
  const path = join(dataDirectory, ENDPOINTS_FILE)
  const content = await readFile(path, 'utf8').catch(() => undefined)
  if (content === undefined)
    throw new Error(`${path} is missing: start the server on this data directory first`)
  return schema.parse(JSON.parse(content))
}
