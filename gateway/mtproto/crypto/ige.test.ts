import { createCipheriv, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { igeDecrypt, igeEncrypt } from './ige.ts'

/** The textbook definition, block by block over AES-ECB. */
function reference(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer {
  const ecb = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  const xor = (a: Uint8Array, b: Uint8Array) => Buffer.from(a.map((byte, i) => byte ^ b[i]!))
  let previousCipher = iv.subarray(0, 16)
  let previousPlain = iv.subarray(16, 32)
  const blocks: Buffer[] = []
  for (let at = 0; at < data.length; at += 16) {
    const plain = data.subarray(at, at + 16)
    const cipher = xor(ecb.update(xor(plain, previousCipher)), previousPlain)
    blocks.push(cipher)
    previousCipher = cipher
    previousPlain = plain
  }
  return Buffer.concat(blocks)
}

describe('AES-IGE', () => {
  const key = randomBytes(32)
  const iv = randomBytes(32)

  // Around the switch to OpenSSL (10 KiB) and around the pieces of the WebAssembly path (16 KiB).
  it.each([0, 16, 32, 208, 10224, 10240, 16384, 16400, 40000, 262144])(
    'matches the definition at %i bytes',
    (size) => {
      const data = randomBytes(size)
      const encrypted = igeEncrypt(data, key, iv)
      expect(encrypted.equals(reference(data, key, iv))).toBe(true)
      expect(igeDecrypt(encrypted, key, iv).equals(data)).toBe(true)
    },
  )

  it('takes data at any alignment', () => {
    const data = randomBytes(20001).subarray(1)
    expect(igeEncrypt(data, key, iv).equals(reference(data, key, iv))).toBe(true)
  })

  it('refuses partial blocks and short keys', () => {
    expect(() => igeEncrypt(randomBytes(15), key, iv)).toThrow(RangeError)
    expect(() => igeDecrypt(randomBytes(16), key.subarray(1), iv)).toThrow(RangeError)
  })
})
