import { randomBytes, randomUUID } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { KEY_BYTES } from '../wrap.ts'

/** Expected failure: the file is no master key, or others can read it. The message is one line. */
export class UnusableMasterKey extends Error {}

const PRIVATE_MODE = 0o600
const OTHERS = 0o077

/** Reads the master key (32 bytes, file mode 0600), or makes it where there is none. */
export async function masterKey(path: string): Promise<Buffer> {
  return readKey(path) ?? (await makeKey(path))
}

/** As `masterKey`, for one that must exist. */
export async function existingMasterKey(path: string): Promise<Buffer> {
  const key = readKey(path)
  if (key === undefined) throw new UnusableMasterKey(`there is no master key ${path}`)
  return key
}

function readKey(path: string): Buffer | undefined {
  let key: Buffer
  try {
    key = readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new UnusableMasterKey(`cannot read the master key ${path}: ${(error as Error).message}`)
  }
  if (key.length !== KEY_BYTES)
    throw new UnusableMasterKey(`${path} is not a master key of ${KEY_BYTES} bytes`)
  if ((statSync(path).mode & OTHERS) !== 0) {
    throw new UnusableMasterKey(`${path} can be read by others: make it private with chmod 600`)
  }
  return key
}

/** Made durable under another name first, so that a crash leaves no half of a key; a link never replaces a key. */
async function makeKey(path: string): Promise<Buffer> {
  const temporary = `${path}.${randomUUID()}`
  await writeSynced(temporary, randomBytes(KEY_BYTES))
  try {
    linkSync(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(temporary, { force: true })
  }
  await sync(dirname(path))
  return readKey(path)!
}

async function writeSynced(path: string, key: Buffer): Promise<void> {
  const file = await open(path, 'wx', PRIVATE_MODE)
  try {
    await file.write(key)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function sync(directory: string): Promise<void> {
  const file = await open(directory, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
