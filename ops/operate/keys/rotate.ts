import { randomUUID } from 'node:crypto'
import { existsSync, linkSync } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InvalidOption } from '../../start/options/fields.ts'

const PRIVATE_MODE = 0o600
const OLD = '.old'

/** Whether two files hold the same key. */
export async function isSameKey(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([readFile(one), readFile(other)])
  return a.equals(b)
}

/** @throws InvalidOption where an earlier rotation has left a key that would be lost */
export function expectNoOldKey(path: string): void {
  if (existsSync(path + OLD))
    throw new InvalidOption(`${path}${OLD}: is left of an earlier rotation; destroy it, or move it away`)
}

/**
 * Puts a new master key in the place of another, which is kept beside it as `….old`. Whatever it is cut off by, there is one
 * of the two in that place: without any, a start would make another one.
 */
export async function install(newPath: string, path: string): Promise<string> {
  expectNoOldKey(path)
  const temporary = `${path}.${randomUUID()}`
  const file = await open(temporary, 'wx', PRIVATE_MODE)
  try {
    await file.write(await readFile(newPath))
    await file.sync()
  } finally {
    await file.close()
  }
  linkSync(path, path + OLD)
  await rename(temporary, path)
  const directory = await open(dirname(path), 'r')
  await directory.sync().finally(() => directory.close())
  return path + OLD
}

/** What is left to do on servers, where each role has its own copy of the master key. */
export function nextSteps(newPath: string, isCurrent: boolean): string[] {
  const last = 'restart every role without --other-masters; then destroy the old key, all copies of it'
  if (isCurrent) return [`last: ${last}`]
  return [
    `next: 1. restart every role with a copy of ${newPath} as master.key, and the old key in --other-masters`,
    `      2. heliograph keys rotate --new-master ${newPath} once more, with the same two`,
    `      3. ${last}`,
  ]
}
