import { describe, expect, it } from 'vitest'
import { idsHash } from './hash.ts'

describe('the hash of ids', () => {
  it('follows the published steps', () => {
    // One id: 0 shifted and xored stays 0, plus the id.
    expect(idsHash([7])).toBe(7n)
    // Two: 7 ^ 7>>21 = 7; 7 ^ 7<<35; then ^ itself >> 4; plus 9.
    let expected = 7n ^ (7n << 35n)
    expected ^= expected >> 4n
    expect(idsHash([7, 9])).toBe(BigInt.asIntN(64, expected + 9n))
  })

  it('depends on the order and stays within a signed 64-bit number', () => {
    const many = Array.from({ length: 1000 }, (_, i) => 2 ** 39 - i)
    expect(idsHash(many)).not.toBe(idsHash([...many].reverse()))
    expect(BigInt.asIntN(64, idsHash(many))).toBe(idsHash(many))
  })
})
