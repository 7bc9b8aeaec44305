import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { COALESCE_MS, Coalesced } from './coalesce.ts'

describe('Coalesced', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('does the first at once and the last when the time is over', () => {
    const coalesced = new Coalesced()
    const done: number[] = []
    for (let i = 0; i < 5; i++) coalesced.run('a', () => void done.push(i))
    coalesced.run('b', () => void done.push(9))
    expect(done).toEqual([0, 9])
    vi.advanceTimersByTime(COALESCE_MS)
    expect(done).toEqual([0, 9, 4])
    coalesced.run('a', () => void done.push(5))
    expect(done).toEqual([0, 9, 4])
    vi.advanceTimersByTime(2 * COALESCE_MS)
    expect(done).toEqual([0, 9, 4, 5])
    vi.advanceTimersByTime(COALESCE_MS)
    coalesced.run('a', () => void done.push(6))
    expect(done).toEqual([0, 9, 4, 5, 6])
  })
})
