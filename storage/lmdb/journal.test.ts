import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreEnvironment } from './environment.ts'
import { Journal } from './journal.ts'
import { Frame, readJournal } from './journal-format.ts'

const frameOf = (generation: number, ...keys: string[]) => {
  const frame = new Frame()
  for (const key of keys) frame.add(1, key, Buffer.from(`value of ${key}`))
  return Buffer.from(frame.seal(generation))
}
const keysIn = (file: Buffer) => readJournal(file).writes.map((write) => write.key)

describe('readJournal', () => {
  it('gives all writes of a generation, removals too', () => {
    const frame = new Frame()
    frame.add(3, 'k\u00ff', Buffer.alloc(400_000, 7))
    frame.add(0, 'gone', null)
    frame.add(0, 'empty', Buffer.alloc(0))
    const content = readJournal(Buffer.concat([frame.seal(9), frameOf(9, 'a')]))
    expect(content.generation).toBe(9)
    expect(content.writes.map(({ space, key }) => [space, key])).toEqual([
      [3, 'k\u00ff'],
      [0, 'gone'],
      [0, 'empty'],
      [1, 'a'],
    ])
    expect(content.writes[0]!.value!.equals(Buffer.alloc(400_000, 7))).toBe(true)
    expect([content.writes[1]!.value, content.writes[2]!.value]).toEqual([null, Buffer.alloc(0)])
  })

  it('stops at a torn frame, wherever it is cut or changed', () => {
    const [first, second] = [frameOf(2, 'a', 'b'), frameOf(2, 'c')]
    const file = Buffer.concat([first, second])
    for (let length = first.length; length < file.length; length++) {
      expect(keysIn(file.subarray(0, length))).toEqual(['a', 'b'])
    }
    for (let at = first.length; at < file.length; at++) {
      const damaged = Buffer.from(file)
      damaged[at]! ^= 0x10
      expect(keysIn(damaged)).toEqual(['a', 'b'])
    }
  })

  it('leaves out what an earlier generation has left behind', () => {
    expect(keysIn(Buffer.concat([frameOf(4, 'new'), frameOf(2, 'old')]))).toEqual(['new'])
    expect(readJournal(Buffer.alloc(5000))).toEqual({ generation: 0, writes: [] })
  })
})

describe('Journal', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'heliograph-journal-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('gives back both generations, the older first, and goes on above them', async () => {
    const { journal } = Journal.open(directory)
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      journal.add(0, key, Buffer.from(key))
      await journal.flush()
      if (key === 'b' || key === 'd') journal.rotate()
    }
    journal.close()
    const again = Journal.open(directory)
    expect(again.left.map(({ writes }) => writes.map((write) => write.key))).toEqual([['c', 'd'], ['e']])
    expect(again.left.map(({ generation }) => generation)).toEqual([2, 3])
    again.journal.reset()
    again.journal.close()
    const emptied = Journal.open(directory)
    expect(emptied.left.flatMap(({ writes }) => writes)).toEqual([])
    emptied.journal.add(0, 'x', Buffer.from('x'))
    await emptied.journal.flush()
    emptied.journal.close()
    const last = Journal.open(directory)
    expect(last.left.map(({ writes }) => writes.map((write) => write.key))).toEqual([[], ['x']])
    last.journal.close()
  })

  it('lets writes be added while it writes', async () => {
    const { journal } = Journal.open(directory)
    journal.add(0, 'a', Buffer.from('1'))
    const flushing = journal.flush()
    journal.add(0, 'b', Buffer.from('2'))
    await flushing
    await journal.flush()
    expect(keysIn(readFileSync(join(directory, 'journal-1')))).toEqual(['a', 'b'])
    journal.close()
  })

  it('is given to LMDB at the next start, and no more after that', async () => {
    const environment = await StoreEnvironment.open(directory)
    environment.space('other').put('k', Buffer.from('1'))
    await environment.barrier()
    const crashed = mkdtempSync(join(tmpdir(), 'heliograph-crashed-'))
    for (const name of ['data.mdb', 'journal-0', 'journal-1'])
      copyFileSync(join(directory, name), join(crashed, name))
    await environment.close()
    const again = await StoreEnvironment.open(crashed)
    expect(again.space('other').copy('k')).toEqual(Buffer.from('1'))
    await again.close()
    for (const name of ['journal-0', 'journal-1'])
      expect(keysIn(readFileSync(join(crashed, name)))).toEqual([])
    rmSync(crashed, { recursive: true })
  })

  it('fails a barrier, and all that follow, when it cannot be written', async () => {
    const failures: Error[] = []
    const environment = await StoreEnvironment.open(directory, (failure) => void failures.push(failure))
    const space = environment.space('other')
    space.put('k', Buffer.from('1'))
    Journal.prototype.flush = refuse(Journal.prototype.flush)
    await expect(environment.barrier()).rejects.toThrow('cannot write to the store: no space left')
    await expect(environment.barrier()).rejects.toThrow('no space left')
    expect(() => space.put('l', Buffer.from('2'))).toThrow('no space left')
    expect(failures.length).toBe(1)
    await expect(environment.close()).rejects.toThrow('no space left')
    const again = await StoreEnvironment.open(directory)
    expect(again.space('other').copy('k')).toBeUndefined()
    await again.close()
  })
})

/** The next call fails as a full disk does; later ones are the method's own. */
function refuse(flush: () => Promise<void>): () => Promise<void> {
  return async () => {
    Journal.prototype.flush = flush
    throw new Error('no space left')
  }
}
