import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BucketLevel, refillSeconds, takeTokens } from './token-bucket.ts'

const bucket = { capacity: 5, refillPerSecond: 0.5 }

describe('takeTokens', () => {
  it('starts full and refuses without taking', () => {
    const first = takeTokens(undefined, bucket, 4, 0)
    expect(first).toEqual({ level: { tokens: 1, atMs: 0 }, taken: { allowed: true } })
    const second = takeTokens(first.level, bucket, 3, 0)
    expect(second).toEqual({ level: { tokens: 1, atMs: 0 }, taken: { allowed: false, waitSeconds: 4 } })
  })

  it('allows after the wait that it named', () => {
    const { level, taken } = takeTokens({ tokens: 0.2, atMs: 0 }, bucket, 2, 100)
    expect(taken.allowed).toBe(false)
    const waitSeconds = taken.allowed ? 0 : taken.waitSeconds
    expect(takeTokens(level, bucket, 2, 100 + waitSeconds * 1000).taken.allowed).toBe(true)
  })

  it('does not lose tokens when the clock goes back', () => {
    expect(takeTokens({ tokens: 2, atMs: 5000 }, bucket, 2, 1000).taken.allowed).toBe(true)
  })

  it('never allows more than capacity and refill give', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3000), fc.integer({ min: 1, max: 3 }))), (requests) => {
        let level: BucketLevel | undefined
        let nowMs = 0
        let allowed = 0
        for (const [passMs, cost] of requests) {
          nowMs += passMs
          const result = takeTokens(level, bucket, cost, nowMs)
          level = result.level
          if (result.taken.allowed) allowed += cost
        }
        expect(allowed).toBeLessThanOrEqual(bucket.capacity + (nowMs / 1000) * bucket.refillPerSecond + 1e-6)
      }),
    )
  })

  it('knows when a bucket may be forgotten', () => {
    expect(refillSeconds(bucket)).toBe(10)
  })
})
