import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAlive, sendSignal } from './identity.ts'
import { launch, tail } from './launch.ts'
import { waitExit, waitReady } from './wait.ts'

const LONG_MS = 60_000

describe('a launched process', () => {
  let dir: string
  let log: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'heliograph-launch-'))
    log = join(dir, 'log')
  })
  afterEach(() => rm(dir, { recursive: true }))

  const node = (script: string) => launch({ command: process.execPath, args: ['-e', script], cwd: dir }, log)

  it('writes both its outputs to the end of its log, and is waited for', async () => {
    await writeFile(log, 'before\n')
    const identity = await node("console.log('out'); console.error('err')")
    expect(await waitExit(identity, LONG_MS)).toBe(true)
    expect((await readFile(log, 'utf8')).split('\n').sort()).toEqual(['', 'before', 'err', 'out'])
  })

  it('is not waited for longer than told', async () => {
    const identity = await node('setInterval(() => {}, 1000)')
    expect(await waitExit(identity, 0)).toBe(false)
    expect(isAlive(identity)).toBe(true)
    sendSignal(identity, 'SIGKILL')
    expect(await waitExit(identity, LONG_MS)).toBe(true)
  })

  it('that cannot be run is an error', async () => {
    await expect(launch({ command: join(dir, 'nothing'), args: [], cwd: dir }, log)).rejects.toThrow('ENOENT')
  })

  it('has a large log put aside when it starts', async () => {
    await writeFile(log, Buffer.alloc(9 << 20))
    await waitExit(await node("console.log('fresh')"), LONG_MS)
    expect(await tail(log)).toBe('fresh')
  })

  it('has the last lines of its log at hand', async () => {
    await writeFile(log, Array.from({ length: 10_000 }, (_, line) => `line ${line}\n`).join(''))
    expect((await tail(log)).split('\n')).toHaveLength(12)
    expect(await tail(log)).toMatch(/line 9999$/)
  })
})

describe('waiting for readiness', () => {
  const failing = async () => {
    throw new Error('not yet')
  }

  it('ends when the check passes', async () => {
    let tries = 0
    const second = async () => {
      if (++tries < 2) await failing()
    }
    expect(await waitReady(() => true, second, LONG_MS)).toBeUndefined()
    expect(tries).toBe(2)
  })

  it('ends with the process, or with the time, and says what the last check said', async () => {
    expect(await waitReady(() => false, failing, LONG_MS)).toEqual({ reason: 'ended', last: undefined })
    const late = await waitReady(() => true, failing, 0)
    expect(late).toMatchObject({ reason: 'late', last: { message: 'not yet' } })
  })
})
