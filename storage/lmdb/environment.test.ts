import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_QUEUED_KEYS, StoreEnvironment } from './environment.ts'
import { DataDirectoryInUse, StorageFailed } from './failures.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heliograph-environment-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

describe('StoreEnvironment', () => {
  it('shows writes at once, and keeps those before a barrier', async () => {
    const environment = await StoreEnvironment.open(directory)
    const space = environment.space('other')
    space.put('k', Buffer.from('1'))
    expect(space.copy('k')).toEqual(Buffer.from('1'))
    await environment.barrier()
    space.put('k', Buffer.from('2'))
    expect(space.copy('k')).toEqual(Buffer.from('2'))
    space.remove('k')
    expect(space.copy('k')).toBeUndefined()
    space.put('l', Buffer.from('3'))
    await environment.close()
    const again = await StoreEnvironment.open(directory)
    expect(again.space('other').copy('k')).toBeUndefined()
    expect(again.space('other').copy('l')).toEqual(Buffer.from('3'))
    await again.close()
  })

  it('merges what is queued, being committed and stored into one range', async () => {
    const environment = await StoreEnvironment.open(directory)
    const space = environment.space('other')
    const put = (...keys: string[]) => {
      for (const key of keys) space.put(key, Buffer.from(key))
    }
    const keys = (descending: boolean) => [...space.range('b', 'y', descending)].map((entry) => entry.key)
    put('a', 'b', 'd', 'f', 'x', 'y')
    await environment.barrier()
    put('c', 'd')
    const committing = environment.barrier()
    await new Promise((resolve) => setImmediate(resolve))
    put('e', 'x')
    space.remove('f')
    space.remove('c')
    expect(keys(false)).toEqual(['b', 'd', 'e', 'x'])
    expect(keys(true)).toEqual(['x', 'e', 'd', 'b'])
    await committing
    expect(keys(false)).toEqual(['b', 'd', 'e', 'x'])
    await environment.barrier()
    expect(keys(true)).toEqual(['x', 'e', 'd', 'b'])
    await environment.close()
  })

  it('asks writers to wait while too much is queued, and lets them go on', async () => {
    const environment = await StoreEnvironment.open(directory)
    const space = environment.space('other')
    const value = Buffer.alloc(1024 * 1024)
    let waits = 0
    for (let i = 0; i < 80; i++) {
      space.put(`${i}`, value)
      const room = environment.room()
      if (room !== undefined) waits++
      await room
    }
    expect(waits).toBeGreaterThan(0)
    expect(waits).toBeLessThan(80)
    await environment.close()
  })

  it('asks writers to wait for many small rows as well', async () => {
    const environment = await StoreEnvironment.open(directory)
    const space = environment.space('other')
    for (let i = 1; i < MAX_QUEUED_KEYS; i++) space.put(`${i}`, Buffer.alloc(1))
    expect(environment.room()).toBeUndefined()
    space.put('last', Buffer.alloc(1))
    const room = environment.room()
    expect(room).toBeDefined()
    await room
    expect(environment.room()).toBeUndefined()
    await environment.close()
  })

  it('lets writers go on whose last writes came while a slow disk was writing', async () => {
    const environment = await StoreEnvironment.open(directory)
    const space = environment.space('other')
    space.put('first', Buffer.alloc(1))
    const written = environment.barrier()
    await new Promise(setImmediate)
    space.put('second', Buffer.alloc(1))
    const until = performance.now() + 20
    while (performance.now() < until); // timers that are due by then come before what the disk has done
    await written
    for (let i = 0; i < MAX_QUEUED_KEYS; i++) space.put(`${i}`, Buffer.alloc(1))
    const room = environment.room()
    expect(room).toBeDefined()
    await room
    await environment.close()
  })

  it('is opened by one process at a time', async () => {
    const environment = await StoreEnvironment.open(directory)
    const inUse = `${directory} is in use by process ${process.pid}`
    await expect(StoreEnvironment.open(directory)).rejects.toThrow(new DataDirectoryInUse(inUse))
    await environment.close()
    await (await StoreEnvironment.open(directory)).close()
  })

  it('takes over the lock of a process that is gone, or whose number another has', async () => {
    const gone = spawn('true')
    await new Promise((resolve) => gone.once('exit', resolve))
    for (const holder of [`${gone.pid} 1`, `${process.pid} 1`, 'nonsense']) {
      writeFileSync(join(directory, 'process.lock'), holder)
      await (await StoreEnvironment.open(directory)).close()
    }
    expect(readdirSync(directory).filter((name) => name.includes('process.lock'))).toEqual([])
  })

  it('names a directory that it cannot make in one line', async () => {
    writeFileSync(join(directory, 'file'), '')
    const opening = StoreEnvironment.open(join(directory, 'file', 'data'))
    await expect(opening).rejects.toThrow(StorageFailed)
    await expect(opening).rejects.toThrow(/^cannot make [^\n]*$/)
  })

  it.each([
    ['damaged', (path: string) => writeFileSync(path, Buffer.alloc(16_384, 0x5a))],
    ['cut short', (path: string) => truncateSync(path, 8192)],
  ])('names a store that is %s in one line', async (_, harm) => {
    const environment = await StoreEnvironment.open(directory)
    for (let i = 0; i < 100; i++) environment.space('other').put(`${i}`, Buffer.alloc(1000))
    await environment.close()
    harm(join(directory, 'data.mdb'))
    const opening = StoreEnvironment.open(directory)
    await expect(opening).rejects.toThrow(StorageFailed)
    await expect(opening).rejects.toThrow(/^cannot open the store in [^\n]*$/)
    expect(readdirSync(directory)).not.toContain('process.lock')
  })
})
