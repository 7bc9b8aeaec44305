import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { identify } from './process/identity.ts'
import { findStack, type Stack, startStack } from './stack.ts'

const only = ['redis'] as const

/** Of its own, beside the shared stack: the wanted port may be taken, and then it has another. */
describe('a stack of one server', () => {
  let dir: string
  let stack: Stack
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'heliograph-stack-'))
    stack = await startStack({ dir, only })
  })
  afterAll(async () => {
    await stack.down()
    await rm(dir, { recursive: true })
  })

  async function ask<T>(question: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(stack.server('redis').endpoint)
    try {
      return await question(client)
    } finally {
      client.disconnect()
    }
  }

  it('answers, and its file says where', async () => {
    expect(await ask((client) => client.ping())).toBe('PONG')
    const written = JSON.parse(await readFile(stack.file, 'utf8'))
    expect(written).toEqual({ redis: [stack.server('redis').endpoint] })
  })

  it('is found, not started again', async () => {
    const { pid } = stack.server('redis')
    expect(pid).toBeDefined()
    const again = await startStack({ dir, only })
    expect(again.server('redis').pid).toBe(pid)
  })

  it('has its data after a kill and a restart, at the same address', async () => {
    await ask((client) => client.set('kept', 'yes'))
    const { pid, endpoint } = stack.server('redis')
    expect(await stack.server('redis').kill('SIGKILL')).toBe(true)
    expect(stack.server('redis').pid).toBeUndefined()
    expect(stack.endpoints).toEqual({})
    await stack.server('redis').restart()
    expect(stack.server('redis').pid).not.toBe(pid)
    expect(stack.server('redis').endpoint).toBe(endpoint)
    expect(await ask((client) => client.get('kept'))).toBe('yes')
  })

  it('says why where it cannot be healthy, with the end of its log', async () => {
    const redis = stack.server('redis')
    await redis.kill('SIGSTOP')
    await expect(redis.waitHealthy(500)).rejects.toThrow(/redis is not healthy after 500 ms.*redis\.log/s)
    await redis.kill('SIGCONT')
    await redis.waitHealthy()
  })

  it('leaves no process when it goes down, and no data when it is wiped', async () => {
    const pid = stack.server('redis').pid!
    await (await findStack({ dir, only })).down({ wipe: true })
    expect(identify(pid)).toBeUndefined()
    expect(existsSync(join(dir, 'redis'))).toBe(false)
  })
})
