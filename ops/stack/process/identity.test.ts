import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { identify, isAlive, sendSignal } from './identity.ts'

describe('the identity of a process', () => {
  it('is stable while it lives', () => {
    const identity = identify(process.pid)
    expect(identity).toBeDefined()
    expect(identify(process.pid)).toEqual(identity)
    expect(isAlive(identity!)).toBe(true)
  })

  it('is gone when it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const identity = identify(child.pid!)!
    expect(sendSignal(identity, 'SIGKILL')).toBe(true)
    await once(child, 'exit')
    expect(isAlive(identity)).toBe(false)
    expect(sendSignal(identity, 'SIGKILL')).toBe(false)
  })

  it('never signals a later process with the same id', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const stranger = { pid: child.pid!, startedAt: 'another time' }
    expect(sendSignal(stranger, 'SIGKILL')).toBe(false)
    expect(isAlive(identify(child.pid!)!)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
})
