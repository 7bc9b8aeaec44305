import { describe, expect, it } from 'vitest'
import { idsHash } from '../hash.ts'
import { CUSTOM } from './known.ts'
import { reactionsHash } from './list-hash.ts'

describe('the hash of a list of reactions', () => {
  it('is the one that TDLib makes of the same list', () => {
    // What its version 1.8.65 said that it had expected.
    const names = '👍 👎 ❤ 🔥 👏 😁 🤔 🤯 😱 🎉 😢 🙏 👌 💯 ⚡ 💔'.split(' ')
    expect(reactionsHash(names)).toBe(5678499319063175600n)
  })

  it('takes the halves of a custom emoji, and is 0 where there is none', () => {
    expect(reactionsHash([`${CUSTOM}${(7n << 32n) + 9n}`])).toBe(idsHash([7, 9]))
    expect(reactionsHash([])).toBe(0n)
  })
})
