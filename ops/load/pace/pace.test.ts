import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ArrivalPlan, Arrivals } from './arrivals.ts'
import { sampleOf, seededRandom } from './random.ts'
import { zipfPicker } from './weighted.ts'

const PLAN: ArrivalPlan = { perSecond: 100, rampSeconds: 0, durationSeconds: 10, process: 'poisson' }

/** Everything that is due, asked for at these moments. */
function taken(plan: ArrivalPlan, seed: number, momentsMs: readonly number[]): number[] {
  const arrivals = new Arrivals(plan, seededRandom(seed))
  const due: number[] = []
  for (const nowMs of momentsMs)
    for (let at = arrivals.take(nowMs); at !== undefined; at = arrivals.take(nowMs)) due.push(at)
  return due
}

describe('arrivals', () => {
  it('are the same whenever they are asked for: a stall of the asker omits and moves nothing', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 50 })
    fc.assert(
      fc.property(moments, fc.integer(), fc.constantFrom('poisson', 'constant'), (some, seed, process) => {
        const plan = { ...PLAN, process } as const
        const sorted = [...some.sort((a, b) => a - b), 10_000]
        expect(taken(plan, seed, sorted)).toEqual(taken(plan, seed, [10_000]))
      }),
    )
  })

  it('are never handed out early, and grow', () => {
    const arrivals = new Arrivals(PLAN, seededRandom(1))
    let lastMs = 0
    for (let nowMs = 0; nowMs < 10_000; nowMs++) {
      for (let at = arrivals.take(nowMs); at !== undefined; at = arrivals.take(nowMs)) {
        expect(at).toBeLessThanOrEqual(nowMs)
        expect(at).toBeGreaterThanOrEqual(lastMs)
        lastMs = at
      }
    }
  })

  it('come at the rate: exactly when constant, on average when Poisson', () => {
    expect(taken({ ...PLAN, process: 'constant' }, 1, [20_000])).toHaveLength(999)
    const count = taken({ ...PLAN, perSecond: 1000 }, 7, [20_000]).length
    expect(count).toBeGreaterThan(9_600)
    expect(count).toBeLessThan(10_400)
  })

  it('grow in a straight line while ramping up', () => {
    const due = taken({ ...PLAN, process: 'constant', rampSeconds: 10 }, 1, [20_000])
    expect(due.length).toBe(499)
    expect(due.filter((ms) => ms < 5_000).length).toBe(124)
  })

  it('gaps of a Poisson process vary as they should: standard deviation near the mean', () => {
    const due = taken({ ...PLAN, perSecond: 1000 }, 3, [20_000])
    const gaps = due.slice(1).map((ms, i) => ms - (due[i] as number))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
    expect(deviation / mean).toBeGreaterThan(0.9)
    expect(deviation / mean).toBeLessThan(1.1)
  })
})

describe('choices', () => {
  it('of chats follow their popularity', () => {
    const pick = zipfPicker(100, 1, seededRandom(5))
    const counts = new Array<number>(100).fill(0)
    for (let i = 0; i < 50_000; i++) counts[pick()]!++
    expect(counts[0]! / counts[1]!).toBeCloseTo(2, 0)
    expect(counts[0]! / counts[9]!).toBeGreaterThan(7)
    expect(counts.every((count) => count > 0)).toBe(true)
  })

  it('of samples take each at most once', () => {
    const sample = sampleOf([1, 2, 3, 4, 5], 3, seededRandom(2))
    expect(new Set(sample).size).toBe(3)
    expect(sampleOf([1, 2], 9, seededRandom(2)).sort()).toEqual([1, 2])
  })
})
