import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withLock } from './lock.ts'

describe('the lock of a stack', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'heliograph-lock-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  it('lets one change run after the other', async () => {
    const seen: string[] = []
    const change = (name: string) => async () => {
      seen.push(`${name} in`)
      await new Promise(setImmediate)
      seen.push(`${name} out`)
    }
    await Promise.all([withLock(dir, change('a')), withLock(dir, change('b'))])
    expect(seen[1]).toBe(seen[0]?.replace('in', 'out'))
    expect(seen).toHaveLength(4)
    expect(await readdir(dir)).toEqual([])
  })

  it('takes over what a dead process left', async () => {
    await writeFile(join(dir, 'lock'), JSON.stringify({ pid: process.pid, startedAt: 'long ago' }))
    expect(await withLock(dir, async () => 'done', 60_000)).toBe('done')
  })

  it('gives up on one that is held', async () => {
    await withLock(dir, async () => {
      await expect(withLock(dir, async () => {}, 0)).rejects.toThrow('another process works on')
    })
  })
})
