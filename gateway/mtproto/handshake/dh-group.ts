/** The Diffie-Hellman group of the key exchange: the 2048-bit safe prime that clients know, with generator 3. */
import { createDiffieHellman, type DiffieHellman } from 'node:crypto'
import type { RandomBytes } from '../ports.ts'

export const KEY_BYTES = 256
export const GENERATOR = 3
export const PRIME: Buffer = Buffer.from(
  'c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f' +
    '48198a0aa7c14058229493d22530f4dbfa336f6e0ac925139543aed44cce7c37' +
    '20fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f64' +
    '2477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4' +
    'a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754' +
    'fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4' +
    'e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f' +
    '0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b',
  'hex',
)

const P = toBigInt(PRIME)
/** Distance that public values keep from both ends of the range (core.telegram.org/mtproto/security_guidelines). */
const MARGIN = 2n ** (2048n - 64n)

/** True for a public value g_a or g_b that may be used: 1 < v < p - 1 and, which is narrower, 2^1984 <= v <= p - 2^1984. */
export function isSafePublicValue(value: Uint8Array): boolean {
  const v = toBigInt(value)
  return v > 1n && v < P - 1n && v >= MARGIN && v <= P - MARGIN
}

export interface HalfKey {
  /** The secret exponent. */
  readonly exponent: Buffer
  /** g to that exponent, 256 bytes. */
  readonly publicValue: Buffer
}

/** A fresh exponent, 2048 random bits unless told, and its public value. Takes some 2 ms, in proportion to the exponent. */
export function createHalfKey(random: RandomBytes, exponentBytes = KEY_BYTES): HalfKey {
  for (;;) {
    const exponent = Buffer.from(random(exponentBytes))
    const publicValue = withExponent(exponent).generateKeys()
    if (isSafePublicValue(publicValue)) return { exponent, publicValue: toKeySize(publicValue) }
  }
}

/** g to the exponent, 256 bytes, whatever it is. */
export function powerOfGenerator(exponent: Buffer): Buffer {
  return toKeySize(withExponent(exponent).generateKeys())
}

/** The shared secret, 256 bytes. `other` must be a safe public value. Takes some 2 ms, in proportion to the exponent. */
export function sharedSecret(exponent: Buffer, other: Uint8Array): Buffer {
  return toKeySize(withExponent(exponent).computeSecret(other))
}

let group: DiffieHellman | undefined

/**
 * Makes the one object for all exchanges, which tests the prime and so takes some 300 ms: a server does that before its first
 * client comes. Otherwise it happens at first use.
 */
export function prepareKeyExchange(): DiffieHellman {
  group ??= createDiffieHellman(PRIME, GENERATOR)
  return group
}

function withExponent(exponent: Buffer): DiffieHellman {
  const dh = prepareKeyExchange()
  dh.setPrivateKey(exponent)
  return dh
}

/** Numbers may come without their leading zeros. */
function toKeySize(bytes: Buffer): Buffer {
  if (bytes.length === KEY_BYTES) return bytes
  return Buffer.concat([Buffer.alloc(KEY_BYTES - bytes.length), bytes])
}

export function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`)
}
