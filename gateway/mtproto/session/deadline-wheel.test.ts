import { describe, expect, it } from 'vitest'
import { DeadlineWheel, TICK_MS } from './deadline-wheel.ts'

const START = 1_000_000

function recorder() {
  const calls: number[] = []
  return { calls, onDeadline: (nowMs: number) => void calls.push(nowMs) }
}

/** Advances tick by tick and tells when the target was called. */
function run(wheel: DeadlineWheel, fromMs: number, forMs: number): void {
  for (let now = fromMs; now <= fromMs + forMs; now += TICK_MS) wheel.advance(now)
}

describe('the deadline wheel', () => {
  it.each([1, 99, 100, 101, 5_000, 102_400, 102_401, 250_000])(
    'calls once, at or soon after %d ms',
    (dueMs) => {
      const wheel = new DeadlineWheel(START)
      const target = recorder()
      wheel.add(target, START + dueMs)
      run(wheel, START, 400_000)
      expect(target.calls.length).toBe(1)
      expect(target.calls[0]! - START).toBeGreaterThanOrEqual(dueMs)
      expect(target.calls[0]! - START).toBeLessThanOrEqual(dueMs + TICK_MS)
    },
  )

  it('calls soon what was due already', () => {
    const wheel = new DeadlineWheel(START)
    const target = recorder()
    wheel.add(target, START - 5_000)
    run(wheel, START, TICK_MS)
    expect(target.calls.length).toBe(1)
  })

  it('catches up after a long pause', () => {
    const wheel = new DeadlineWheel(START)
    const targets = [500, 60_000, 150_000, 900_000].map((dueMs) => {
      const target = recorder()
      wheel.add(target, START + dueMs)
      return target
    })
    wheel.advance(START + 200_000)
    expect(targets.map(({ calls }) => calls.length)).toEqual([1, 1, 1, 0])
  })

  it('lets a target ask again from inside its call', () => {
    const wheel = new DeadlineWheel(START)
    let calls = 0
    const target = {
      onDeadline: (nowMs: number) => {
        calls++
        wheel.add(target, nowMs + 1_000)
      },
    }
    wheel.add(target, START + 1_000)
    run(wheel, START, 10_000)
    expect(calls).toBe(10)
  })
})
