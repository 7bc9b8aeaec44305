import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify, isAlive, type ProcessIdentity } from './identity.ts'

const POLL_MS = 200
/** Longer than the slowest first start with its downloads. */
export const LOCK_WAIT_MS = 10 * 60_000

/**
 * Runs one change of a directory's stack at a time, over all processes; a lock that a dead process left is taken over.
 * Throws where another holds it for `waitMs`.
 */
export async function withLock<T>(dir: string, change: () => Promise<T>, waitMs = LOCK_WAIT_MS): Promise<T> {
  const path = join(dir, 'lock')
  const own = JSON.stringify(identify(process.pid))
  const endMs = performance.now() + waitMs
  while (!(await take(path, own))) {
    if (performance.now() > endMs) throw new Error(`another process works on ${dir}: ${path}`)
    await sleep(POLL_MS)
  }
  try {
    return await change()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string, own: string): Promise<boolean> {
  try {
    await writeFile(path, own, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const holder = await readFile(path, 'utf8').catch(() => undefined)
  // An empty file is one whose holder is about to write; a partial write of so few bytes does not happen.
  if (holder !== undefined && holder !== '' && !isAlive(JSON.parse(holder) as ProcessIdentity))
    await rm(path, { force: true })
  return false
}
