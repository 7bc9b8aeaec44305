import { describe, expect, it } from 'vitest'
import { murmur2, partitionOf } from './partition.ts'

describe('partitionOf', () => {
  // The values that Apache Kafka's own tests expect (clients, UtilsTest.testMurmur2).
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Kafka does', (key, expected) => {
    expect(murmur2(key)).toBe(expected)
  })

  it('hashes UTF-8 bytes, not characters', () => {
    expect(murmur2('Zoë')).not.toBe(murmur2('Zo\u00c3\u00ab'))
    expect(partitionOf('Zoë 🦊', 8)).toBeGreaterThanOrEqual(0)
  })

  it('spreads user keys evenly', () => {
    const counts = new Array<number>(8).fill(0)
    for (let id = 1; id <= 8000; id++) counts[partitionOf(`user:${id}`, 8)]!++
    expect(Math.min(...counts)).toBeGreaterThan(850)
    expect(Math.max(...counts)).toBeLessThan(1150)
  })
})
