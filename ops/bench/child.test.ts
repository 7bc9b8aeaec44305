import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { ended, readyOrEnded } from './child.ts'

/** Longer than any test takes. */
const WAITS = 'setInterval(() => {}, 1e6)'
const AT_ONCE_MS = 1

describe('a server in a process of its own', () => {
  let child: ChildProcess
  const running = (script: string) => {
    child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    return createInterface(child.stdout!)
  }
  afterEach(() => child.kill('SIGKILL'))

  it('is ready when it says so', async () => {
    const lines = running(`console.log('ready'); ${WAITS}`)
    await readyOrEnded(child, lines)
    expect(child.exitCode).toBeNull()
    await ended(child)
    expect(child.signalCode).toBe('SIGINT')
  })

  it('is not left running where it does not get ready', async () => {
    const lines = running(WAITS)
    await expect(readyOrEnded(child, lines, AT_ONCE_MS)).rejects.toThrow('did not get ready')
    expect(child.signalCode).toBe('SIGKILL')
  })

  it('may end early, and is not waited for then', async () => {
    const lines = running('process.exit(3)')
    await expect(readyOrEnded(child, lines)).rejects.toThrow('ended early, code 3')
    await ended(child)
  })
})
