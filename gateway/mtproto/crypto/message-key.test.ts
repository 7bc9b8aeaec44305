import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { authKeyIdBytes, isUnencrypted, newNonceHash } from './auth-key-id.ts'
import { openBindMessage, sealBindMessage } from './bind-message.ts'
import { equalBytes, sha1, sha256 } from './hash.ts'
import { aesKeyIvV1, messageKey, messageKeyV1 } from './message-key.ts'
import { randomBytes as pooled } from './random.ts'

const hex = (text: string) => Buffer.from(text, 'hex')
const hash1 = (...parts: Uint8Array[]) => createHash('sha1').update(Buffer.concat(parts)).digest()

describe('hashes', () => {
  it('match the published vectors for "abc"', () => {
    expect(sha1(Buffer.from('abc')).toString('hex')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d')
    expect(sha256(Buffer.from('abc')).toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })

  it('compare equal only when all bytes are', () => {
    expect(equalBytes(hex('0102'), hex('0102'))).toBe(true)
    expect(equalBytes(hex('0102'), hex('0103'))).toBe(false)
    expect(equalBytes(hex('0102'), hex('01'))).toBe(false)
    expect(equalBytes(hex('0102'), hex('ff02'), 1, 1, 1)).toBe(true)
  })
})

describe('auth key values', () => {
  const key = randomBytes(256)
  const digest = createHash('sha1').update(key).digest()

  it('derive the id from the low 64 bits of SHA-1', () => {
    expect(authKeyIdBytes(key)).toEqual(digest.subarray(12))
  })

  it('derive the new nonce hashes', () => {
    const newNonce = randomBytes(32)
    for (const number of [1, 2, 3] as const) {
      const expected = hash1(newNonce, Buffer.from([number]), digest.subarray(0, 8)).subarray(4)
      expect(newNonceHash(newNonce, number, key)).toEqual(expected)
    }
  })

  it('tell unencrypted messages', () => {
    expect(isUnencrypted(Buffer.alloc(8))).toBe(true)
    expect(isUnencrypted(Buffer.alloc(7))).toBe(false)
    expect(isUnencrypted(hex('0000000000000001'))).toBe(false)
  })
})

describe('message keys', () => {
  it('take different parts of the auth key for the two directions', () => {
    const key = randomBytes(256)
    const plain = randomBytes(64)
    const expected = (x: number) =>
      createHash('sha256')
        .update(key.subarray(88 + x, 120 + x))
        .update(plain)
        .digest()
        .subarray(8, 24)
    expect(messageKey(key, plain, 0)).toEqual(expected(0))
    expect(messageKey(key, plain, 8)).toEqual(expected(8))
  })

  it('derive the keys of MTProto 1.0', () => {
    const key = randomBytes(256)
    const msgKey = messageKeyV1(randomBytes(40))
    const a = hash1(msgKey, key.subarray(0, 32))
    const b = hash1(key.subarray(32, 48), msgKey, key.subarray(48, 64))
    const c = hash1(key.subarray(64, 96), msgKey)
    const d = hash1(msgKey, key.subarray(96, 128))
    const derived = aesKeyIvV1(key, msgKey, 0)
    expect(derived.key).toEqual(Buffer.concat([a.subarray(0, 8), b.subarray(8, 20), c.subarray(4, 16)]))
    expect(derived.iv).toEqual(
      Buffer.concat([a.subarray(8, 20), b.subarray(0, 8), c.subarray(16, 20), d.subarray(0, 8)]),
    )
  })
})

describe('the message that binds a temporary key', () => {
  const key = randomBytes(256)
  const body = randomBytes(40)

  it('opens to what was sealed', () => {
    const opened = openBindMessage(key, sealBindMessage(key, 77n, body))
    expect(opened).toEqual({ msgId: 77n, seqNo: 0, body })
  })

  it('is refused when forged, cut, or for another key', () => {
    const sealed = sealBindMessage(key, 77n, body)
    for (const at of [0, 8, 24, 60, sealed.length - 20]) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      expect(openBindMessage(key, changed)).toBeUndefined()
    }
    expect(openBindMessage(randomBytes(256), sealed)).toBeUndefined()
    expect(openBindMessage(key, sealed.subarray(0, -16))).toBeUndefined()
    expect(openBindMessage(key, sealed.subarray(0, 30))).toBeUndefined()
    expect(openBindMessage(key, sealBindMessage(key, 77n, randomBytes(1024)))).toBeUndefined()
  })
})

describe('random bytes', () => {
  it('never hand out a byte range twice', () => {
    const seen = new Set<string>()
    for (let i = 0; i < 5000; i++) seen.add(pooled(16).toString('hex'))
    expect(seen.size).toBe(5000)
    expect(pooled(100_000)).toHaveLength(100_000)
  })
})
