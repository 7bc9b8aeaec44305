import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StateCache } from './state-cache.ts'

export interface StateCacheHarness {
  readonly cache: StateCache
  /** Lets so much time pass. */
  pass(ms: number): Promise<void>
  dispose(): Promise<void>
}

/** On a real clock, a machine that stops for half a second makes these fail; once is enough. */
const TIMED = { retry: 2 }

/** What every `StateCache` must do. */
export function describeStateCache(name: string, make: () => Promise<StateCacheHarness>): void {
  describe(`${name} as a StateCache`, () => {
    let harness: StateCacheHarness
    let cache: StateCache
    beforeEach(async () => {
      harness = await make()
      cache = harness.cache
    })
    afterEach(() => harness.dispose())
    const bytes = (text: string) => Buffer.from(text)

    it('keeps values until they are deleted or expire', TIMED, async () => {
      await cache.set('a', bytes('1'), 100)
      await cache.set('b', bytes('2'), 1)
      await cache.set('c', bytes('3'), 100)
      await cache.delete('c')
      expect(await cache.getMany(['a', 'none', 'b', 'c'])).toEqual([
        bytes('1'),
        undefined,
        bytes('2'),
        undefined,
      ])
      await harness.pass(1100)
      expect(await cache.get('a')).toEqual(bytes('1'))
      expect(await cache.get('b')).toBeUndefined()
    })

    it('keeps a copy', async () => {
      const value = bytes('1')
      await cache.set('a', value, 100)
      value[0] = 0
      expect(await cache.get('a')).toEqual(bytes('1'))
    })

    it('adds only where there is nothing', TIMED, async () => {
      expect(await cache.add('a', bytes('1'), 1)).toBe(true)
      expect(await cache.add('a', bytes('2'), 1)).toBe(false)
      expect(await cache.get('a')).toEqual(bytes('1'))
      await harness.pass(1100)
      expect(await cache.add('a', bytes('3'), 1)).toBe(true)
    })

    it('counts from nothing, with the time to live of the first use', TIMED, async () => {
      expect(await cache.increment('a', 1, 1)).toBe(1)
      await harness.pass(600)
      expect(await cache.increment('a', 5, 1)).toBe(6)
      expect(await cache.get('a')).toEqual(bytes('6'))
      await harness.pass(600)
      expect(await cache.increment('a', -2, 1)).toBe(-2)
    })

    it('gives tokens until the bucket is empty, and again as it refills', TIMED, async () => {
      const bucket = { capacity: 3, refillPerSecond: 2 }
      expect(await cache.take('a', bucket, 1)).toEqual({ allowed: true })
      expect(await cache.take('a', bucket, 2)).toEqual({ allowed: true })
      expect(await cache.take('a', bucket, 1)).toEqual({ allowed: false, waitSeconds: 1 })
      expect(await cache.take('b', bucket, 3)).toEqual({ allowed: true })
      await harness.pass(1100)
      expect(await cache.take('a', bucket, 2)).toEqual({ allowed: true })
      expect(await cache.take('a', bucket, 1)).toMatchObject({ allowed: false })
    })
  })
}
