import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StoreUnavailable } from '../tables.ts'
import { MAX_SETTLING_WAIT_MS, Settling } from './settling.ts'

describe('reads', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('wait for nothing while no node is lost', () => {
    expect(new Settling().until()).toBeUndefined()
  })

  it('wait from the loss of a node until its rows are whole', async () => {
    const settling = new Settling()
    settling.begin()
    settling.begin()
    let passed = 0
    const waiting = [settling.until(), settling.until()].map((each) => each?.then(() => passed++))
    await vi.advanceTimersByTimeAsync(MAX_SETTLING_WAIT_MS - 1)
    expect(passed).toBe(0)
    settling.end()
    await Promise.all(waiting)
    expect(passed).toBe(2)
    expect(settling.until()).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('are told that the store is away where it takes too long', async () => {
    const settling = new Settling()
    settling.begin()
    const refused = expect(settling.until()).rejects.toThrow(StoreUnavailable)
    await vi.advanceTimersByTimeAsync(MAX_SETTLING_WAIT_MS)
    await refused
  })
})
