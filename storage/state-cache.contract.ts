import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StateCache } from './state-cache.ts'

export interface StateCacheHarness {
  readonly cache: StateCache
  /** Lets so much time pass. */
  pass(ms: number): Promise<void>
  dispose(): Promise<void>
}

/** Longer than a machine stops: nothing runs out within it. What is to run out has its second, and is not looked at before. */
const LONG_SECONDS = 1000
const SHORT_SECONDS = 1
const PASSED_MS = 1100

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

    it('keeps values until they are deleted or expire', async () => {
      await cache.set('a', bytes('1'), LONG_SECONDS)
      await cache.set('b', bytes('2'), LONG_SECONDS)
      await cache.set('c', bytes('3'), LONG_SECONDS)
      await cache.delete('c')
      expect(await cache.getMany(['a', 'none', 'b', 'c'])).toEqual([
        bytes('1'),
        undefined,
        bytes('2'),
        undefined,
      ])
      await cache.set('b', bytes('2'), SHORT_SECONDS)
      await harness.pass(PASSED_MS)
      expect(await cache.get('a')).toEqual(bytes('1'))
      expect(await cache.get('b')).toBeUndefined()
    })

    it('keeps a copy', async () => {
      const value = bytes('1')
      await cache.set('a', value, 100)
      value[0] = 0
      expect(await cache.get('a')).toEqual(bytes('1'))
    })

    it('adds only where there is nothing', async () => {
      expect(await cache.add('a', bytes('1'), LONG_SECONDS)).toBe(true)
      expect(await cache.add('a', bytes('2'), SHORT_SECONDS)).toBe(false)
      expect(await cache.add('b', bytes('3'), SHORT_SECONDS)).toBe(true)
      await harness.pass(PASSED_MS)
      expect(await cache.get('a')).toEqual(bytes('1'))
      expect(await cache.add('a', bytes('4'), SHORT_SECONDS)).toBe(false)
      expect(await cache.add('b', bytes('5'), LONG_SECONDS)).toBe(true)
      expect(await cache.get('b')).toEqual(bytes('5'))
    })

    it('counts from nothing, with the time to live of the first use', async () => {
      expect(await cache.increment('a', 1, LONG_SECONDS)).toBe(1)
      expect(await cache.increment('a', 5, SHORT_SECONDS)).toBe(6)
      expect(await cache.get('a')).toEqual(bytes('6'))
      // Sent together, so that no time is between them.
      const both = [cache.increment('b', 1, SHORT_SECONDS), cache.increment('b', 5, LONG_SECONDS)]
      expect(await Promise.all(both)).toEqual([1, 6])
      await harness.pass(PASSED_MS)
      expect(await cache.increment('a', 1, SHORT_SECONDS)).toBe(7)
      expect(await cache.increment('b', -2, LONG_SECONDS)).toBe(-2)
    })

    it('gives tokens until the bucket is empty, and again as it refills', async () => {
      const slow = { capacity: 3, refillPerSecond: 1 / LONG_SECONDS }
      const startedMs = performance.now()
      expect(await cache.take('a', slow, 1)).toEqual({ allowed: true })
      expect(await cache.take('a', slow, 2)).toEqual({ allowed: true })
      const { waitSeconds, ...refusal } = (await cache.take('a', slow, 1)) as { waitSeconds: number }
      expect(refusal).toEqual({ allowed: false })
      // The time of a token, less what has gone by.
      const tookSeconds = Math.ceil((performance.now() - startedMs) / 1000)
      expect(waitSeconds).toBeGreaterThanOrEqual(LONG_SECONDS - tookSeconds)
      expect(waitSeconds).toBeLessThanOrEqual(LONG_SECONDS)
      expect(await cache.take('b', slow, 3)).toEqual({ allowed: true })
      await harness.pass(PASSED_MS)
      expect(await cache.take('a', slow, 1)).toMatchObject({ allowed: false })
      const quick = { capacity: 3, refillPerSecond: 2 }
      expect(await cache.take('c', quick, 3)).toEqual({ allowed: true })
      await harness.pass(PASSED_MS)
      expect(await cache.take('c', quick, 2)).toEqual({ allowed: true })
      expect(await cache.take('c', quick, 4)).toMatchObject({ allowed: false })
    })
  })
}
