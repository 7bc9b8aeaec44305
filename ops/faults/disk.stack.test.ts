import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SmallDisk } from './disk.ts'

describe('a small disk', () => {
  let dir: string
  let disk: SmallDisk
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'heliograph-disk-'))
    disk = await SmallDisk.mount(join(dir, 'data'), 4)
  })
  afterAll(async () => {
    await disk.unmount()
    await rm(dir, { recursive: true })
  })

  it('takes not a byte when it is full, and keeps what it has', async () => {
    await writeFile(join(disk.dir, 'before'), 'kept')
    await disk.fill()
    await expect(writeFile(join(disk.dir, 'after'), 'x')).rejects.toThrow('ENOSPC')
    expect(await readFile(join(disk.dir, 'before'), 'utf8')).toBe('kept')
  })

  it('takes more again when it was freed', async () => {
    await disk.free()
    await writeFile(join(disk.dir, 'after'), 'x')
    expect(await readFile(join(disk.dir, 'after'), 'utf8')).toBe('x')
  })
})
