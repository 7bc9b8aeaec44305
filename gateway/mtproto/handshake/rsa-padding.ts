/** The two ways in which clients wrap the inner data before RSA (core.telegram.org/mtproto/auth_key#41-rsa-paddata-server-public-key-mentioned-above-is-implemented-as-follows). */
import { equalBytes, sha1, sha256 } from '../crypto/hash.ts'
import { igeDecrypt, igeEncrypt } from '../crypto/ige.ts'
import type { RandomBytes } from '../ports.ts'
import { type InnerData, readInnerData } from './inner-data.ts'
import { RSA_BYTES, type RsaKey, type RsaPublicKey, rsaDecrypt, rsaEncrypt } from './rsa-key.ts'
import { MalformedMessage } from './wire.ts'

export type PaddingKind = 'rsa-pad' | 'sha1'

const PADDED_DATA = 192
const TEMP_KEY = 32
const SHA1_BYTES = 20
const ZERO_IV = Buffer.alloc(32)

/**
 * Decrypts and unwraps the inner data. Both paddings are always tried in full, so that a failure of either, a number above
 * the modulus, and broken inner data look and take the same.
 */
export function unwrapInnerData(key: RsaKey, encrypted: Uint8Array): InnerData | undefined {
  const sized = encrypted.length === RSA_BYTES
  const plain = (sized ? rsaDecrypt(key, encrypted) : undefined) ?? Buffer.alloc(RSA_BYTES)
  const newer = openRsaPad(plain)
  const older = openSha1Padding(plain)
  return newer ?? older
}

/** RSA_PAD: temp_key xor SHA-256(ciphertext), then AES-IGE of the reversed data and its hash under temp_key. */
function openRsaPad(plain: Buffer): InnerData | undefined {
  const ciphertext = plain.subarray(TEMP_KEY)
  const tempKey = sha256(ciphertext)
  for (let i = 0; i < TEMP_KEY; i++) tempKey[i]! ^= plain[i]!
  const opened = igeDecrypt(ciphertext, tempKey, ZERO_IV)
  const data = opened.subarray(0, PADDED_DATA).reverse()
  const authentic = equalBytes(sha256(Buffer.concat([tempKey, data])), opened.subarray(PADDED_DATA))
  const read = tryRead(data)
  return authentic ? read?.data : undefined
}

/** The older padding: a zero byte, SHA-1 of the data, the data, random bytes. */
function openSha1Padding(plain: Buffer): InnerData | undefined {
  const content = plain.subarray(1 + SHA1_BYTES)
  const read = tryRead(content)
  const hash = sha1(content.subarray(0, read?.size ?? content.length))
  const authentic = equalBytes(hash, plain, 0, 1, SHA1_BYTES) && plain[0] === 0
  return authentic ? read?.data : undefined
}

function tryRead(bytes: Buffer): ReturnType<typeof readInnerData> | undefined {
  try {
    return readInnerData(bytes)
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined
    throw error
  }
}

/** The client's side: wraps serialised inner data and encrypts it. */
export function wrapInnerData(
  key: RsaPublicKey,
  data: Uint8Array,
  padding: PaddingKind,
  random: RandomBytes,
): Buffer {
  if (padding === 'sha1') return encrypt(key, sha1Padded(data, random))
  for (;;) {
    const encrypted = rsaEncrypt(key, rsaPadded(data, random))
    if (encrypted !== undefined) return encrypted
  }
}

function sha1Padded(data: Uint8Array, random: RandomBytes): Buffer {
  const head = Buffer.concat([Buffer.alloc(1), sha1(data), data])
  return Buffer.concat([head, random(RSA_BYTES - head.length)])
}

function rsaPadded(data: Uint8Array, random: RandomBytes): Buffer {
  const padded = Buffer.concat([data, random(PADDED_DATA - data.length)])
  const tempKey = Buffer.from(random(TEMP_KEY))
  const hash = sha256(Buffer.concat([tempKey, padded]))
  const ciphertext = igeEncrypt(Buffer.concat([Buffer.from(padded).reverse(), hash]), tempKey, ZERO_IV)
  const mask = sha256(ciphertext)
  for (let i = 0; i < TEMP_KEY; i++) tempKey[i]! ^= mask[i]!
  return Buffer.concat([tempKey, ciphertext])
}

function encrypt(key: RsaPublicKey, bytes: Buffer): Buffer {
  const encrypted = rsaEncrypt(key, bytes)
  if (encrypted === undefined) throw new Error('a number with a leading zero byte is below the modulus')
  return encrypted
}
