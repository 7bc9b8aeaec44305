import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { open, SEAL_OVERHEAD_BYTES, seal } from './seal.ts'

const key = randomBytes(32)
const to = { topic: 'chat.events', key: 'u1-2', type: 'MessageContent' }
const content = Buffer.from('a message')

describe('seal', () => {
  it('opens under the same key and binding', () => {
    expect(open(key, to, seal(key, to, content))).toEqual(content)
    expect(open(key, to, seal(key, to, Buffer.alloc(0)))).toEqual(Buffer.alloc(0))
    expect(seal(key, to, content).length).toBe(content.length + SEAL_OVERHEAD_BYTES)
  })

  it('does not open under another key, or for another topic, key or type', () => {
    const sealed = seal(key, to, content)
    expect(open(randomBytes(32), to, sealed)).toBeUndefined()
    expect(open(key, { ...to, topic: 'account.events' }, sealed)).toBeUndefined()
    expect(open(key, { ...to, key: 'u1-3' }, sealed)).toBeUndefined()
    expect(open(key, { ...to, type: 'Profile' }, sealed)).toBeUndefined()
    expect(open(key, { ...to, key: 'u1-2M', type: 'essageContent' }, sealed)).toBeUndefined()
  })

  it('does not open with any byte changed or cut off', () => {
    const sealed = seal(key, to, content)
    for (let i = 0; i < sealed.length; i++) {
      const damaged = Buffer.from(sealed)
      damaged[i]! ^= 1
      expect(open(key, to, damaged)).toBeUndefined()
      expect(open(key, to, sealed.subarray(0, i))).toBeUndefined()
    }
  })

  it('never repeats a nonce', () => {
    const seen = new Set<string>()
    for (let i = 0; i < 5000; i++) seen.add(seal(key, to, content).toString('hex', 1, 13))
    expect(seen.size).toBe(5000)
  })
})
