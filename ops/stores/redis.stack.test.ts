import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailable } from '@heliograph/storage'
import { describeBus, describeStateCache } from '@heliograph/storage/contract'
import { RedisBus, RedisStateCache } from '@heliograph/storage/redis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readStack } from '../stack/endpoints.ts'
import { FailingNetwork } from './failing-network.ts'
import { RunningClock } from './running-clock.ts'

const { redis: nodes } = await readStack(process.env.HELIOGRAPH_STACK ?? '')
const freshPrefix = () => `test-${randomUUID()}:`
/** A limit of what never works again after Redis is back; the machine may be slow. */
const RECOVERY = { timeout: 60_000, interval: 20 }

const probe = Buffer.from('probe')
/** Few probes of a channel wait at once. */
const PROBED = { timeout: 60_000, interval: 500 }

/** Far more than the time-outs that come one after the other, for machines that are busy. */
const BOUND_MS = 8_000

describeStateCache('RedisStateCache', async () => {
  const cache = await RedisStateCache.connect({ nodes, prefix: freshPrefix() })
  return { cache, pass: (ms) => sleep(ms), dispose: () => cache.close() }
})

describeBus('RedisBus', async () => {
  const bus = await RedisBus.connect({ nodes, prefix: freshPrefix() })
  return { bus, dispose: () => bus.close() }
})

describe('two processes on one Redis', () => {
  const opened: { close(): Promise<void> }[] = []
  const prefix = freshPrefix()
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.push(one)
    return one
  }
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()))
  })

  it('share buckets and counters', async () => {
    const [a, b] = [
      keep(await RedisStateCache.connect({ nodes, prefix })),
      keep(await RedisStateCache.connect({ nodes, prefix })),
    ]
    const bucket = { capacity: 10, refillPerSecond: 0.001 }
    const taken = await Promise.all(
      Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? a : b).take('shared', bucket, 1)),
    )
    expect(taken.filter(({ allowed }) => allowed).length).toBe(10)
    await a.delete('shared')
    await Promise.all([a.increment('n', 2, 10), b.increment('n', 3, 10)])
    expect(await a.get('n')).toEqual(Buffer.from('5'))
  })

  it('hear each other, byte for byte and in order, on very many channels', async () => {
    const [a, b] = [
      keep(await RedisBus.connect({ nodes, prefix })),
      keep(await RedisBus.connect({ nodes, prefix })),
    ]
    const channels = 20_000
    const heard: Buffer[][] = Array.from({ length: channels }, () => [])
    const silent = new Set(heard.keys())
    const hear = (i: number) => (payload: Buffer) => {
      if (payload.equals(probe)) silent.delete(i)
      else heard[i]!.push(payload)
    }
    await Promise.all(heard.map((_, i) => a.subscribe(`user:${i}`, hear(i))))
    // On a busy machine subscribing may go on after it has counted as done.
    await expect
      .poll(() => {
        for (const i of silent) b.publish(`user:${i}`, probe)
        return silent.size
      }, PROBED)
      .toBe(0)
    const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    for (const n of [0, 1]) for (let i = 0; i < channels; i++) b.publish(`user:${i}`, every.subarray(n))
    await expect.poll(() => heard.at(-1)?.length, RECOVERY).toBe(2)
    expect(heard.every((list) => list[0]?.equals(every) && list[1]?.equals(every.subarray(1)))).toBe(true)
    expect(b.lost).toBe(0)
  })

  it('forget a channel with its last subscription, and take it up again', async () => {
    const bus = keep(await RedisBus.connect({ nodes, prefix }))
    const heard: string[] = []
    const first = await bus.subscribe('a', () => void heard.push('first'))
    first.close()
    const second = await bus.subscribe('a', () => void heard.push('second'))
    bus.publish('a', Buffer.alloc(0))
    await expect.poll(() => heard, RECOVERY).toEqual(['second'])
    second.close()
    await bus.subscribe('b', () => void heard.push('b'))
    await bus.subscribe('a', () => void heard.push('third'))
    bus.publish('a', Buffer.alloc(0))
    await expect.poll(() => heard, RECOVERY).toEqual(['second', 'third'])
  })
})

describe('while Redis is away', () => {
  let network: FailingNetwork
  let cache: RedisStateCache
  let bus: RedisBus
  beforeEach(async () => {
    network = await FailingNetwork.to(new URL(nodes[0]!).host)
    const settings = { nodes: [`redis://${network.address}`], prefix: freshPrefix() }
    cache = await RedisStateCache.connect(settings)
    bus = await RedisBus.connect(settings)
  })
  afterEach(async () => {
    await Promise.all([cache.close(), bus.close(), network.close()])
  })

  const works = async () => {
    await expect
      .poll(
        () =>
          cache
            .set('a', Buffer.from('1'), 10)
            .then(() => cache.get('a'))
            .catch(() => null),
        RECOVERY,
      )
      .toEqual(Buffer.from('1'))
  }
  const hears = async (heard: string[], text: string) => {
    await expect
      .poll(() => {
        bus.publish('a', Buffer.from(text))
        return heard.includes(text)
      }, RECOVERY)
      .toBe(true)
  }

  for (const how of ['cut', 'stalled'] as const)
    it(`(${how}) calls reject in time, subscribing does not hang, and everything recovers by itself`, async () => {
      const heard: string[] = []
      await bus.subscribe('a', (payload) => void heard.push(payload.toString()))
      await hears(heard, 'before')
      network.become(how)
      const clock = new RunningClock()
      const asked = [cache.get('a'), cache.take('b', { capacity: 1, refillPerSecond: 1 }, 1)]
      for (const answer of asked) await expect(answer).rejects.toThrow(StoreUnavailable)
      await expect(cache.getMany(['a', 'b'])).rejects.toThrow(StoreUnavailable)
      for (let i = 0; i < 100; i++) bus.publish('a', Buffer.from('meanwhile'))
      await bus.subscribe('late', (payload) => void heard.push(`late ${payload}`))
      expect(clock.ranMs).toBeLessThan(BOUND_MS)
      clock.stop()
      network.reset()
      await works()
      await hears(heard, 'after')
      await expect
        .poll(() => {
          bus.publish('late', Buffer.from('x'))
          return heard.includes('late x')
        }, RECOVERY)
        .toBe(true)
      expect(bus.lost).toBeGreaterThan(0)
    })

  it('who only listens notices a network that swallows everything', async () => {
    const errors: string[] = []
    const onConnectionError = (error: Error) => void errors.push(error.message)
    const settings = { nodes: [`redis://${network.address}`], prefix: freshPrefix(), onConnectionError }
    const listener = await RedisBus.connect(settings)
    await listener.subscribe('a', () => {})
    network.become('stalled')
    await expect.poll(() => errors.length, RECOVERY).toBeGreaterThan(0)
    await listener.close()
  })

  it('a process does not start', async () => {
    network.become('cut')
    await expect(
      RedisStateCache.connect({ nodes: [`redis://${network.address}`], prefix: '' }),
    ).rejects.toThrow(/^no Redis at 127\.0\.0\.1:\d+: /)
  })
})
