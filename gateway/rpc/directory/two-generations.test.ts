import { describe, expect, it } from 'vitest'
import { TwoGenerations } from './two-generations.ts'

describe('a map of two generations', () => {
  it('never holds more than its limit and tells what it dropped', () => {
    const dropped: number[] = []
    const map = new TwoGenerations<number, number>(10, (value) => dropped.push(value))
    for (let i = 0; i < 100; i++) {
      map.set(i, i)
      expect(map.size).toBeLessThanOrEqual(10)
    }
    expect(dropped.length + map.size).toBe(100)
    expect(map.peek(99)).toBe(99)
    expect(map.peek(0)).toBeUndefined()
  })

  it('keeps what is used', () => {
    const map = new TwoGenerations<number, string>(10)
    map.set(-1, 'used')
    for (let i = 0; i < 100; i++) {
      map.set(i, 'other')
      expect(map.get(-1)).toBe('used')
    }
  })

  it('forgets what is deleted, in either generation', () => {
    const map = new TwoGenerations<number, number>(4)
    for (let i = 0; i < 4; i++) map.set(i, i)
    map.delete(0)
    map.delete(3)
    expect([0, 1, 2, 3].map((i) => map.get(i))).toEqual([undefined, 1, 2, undefined])
  })
})
