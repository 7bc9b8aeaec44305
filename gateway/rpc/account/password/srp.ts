/**
 * The server's half of the password proof (core.telegram.org/api/srp): SRP-6a with SHA-256 over the 2048-bit prime of the key
 * exchange. Exponentiation is OpenSSL's, in constant time; all numbers are big-endian and 256 bytes long.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import {
  GENERATOR,
  isSafePublicValue,
  KEY_BYTES,
  PRIME,
  powerOfGenerator,
  sharedSecret,
  toBigInt,
} from '../../../mtproto/handshake/dh-group.ts'

export { GENERATOR, PRIME }
export const NUMBER_BYTES = KEY_BYTES
export const PROOF_BYTES = 32

/** What the server keeps of a password: it lets check a proof, and gives nothing to log in with. */
export interface Verifier {
  readonly salt1: Buffer
  readonly salt2: Buffer
  /** g to the power of the password's hash. */
  readonly v: Buffer
}

const P = toBigInt(PRIME)
const PADDED_G = padded(BigInt(GENERATOR))
const K = toBigInt(sha256(PRIME, PADDED_G))
const GROUP = xor(sha256(PRIME), sha256(PADDED_G))

/** Whether a client may choose this verifier. */
export const isVerifier = (v: Uint8Array): boolean => v.length === NUMBER_BYTES && isSafePublicValue(v)

/** The server's public value for the secret exponent `b`: k v + g^b. */
export function serverValue({ v }: Verifier, b: Buffer): Buffer {
  return padded((K * toBigInt(v) + toBigInt(powerOfGenerator(b))) % P)
}

/**
 * Whether `proof` shows that whoever chose `a` knows the password. The work is the same whatever is wrong.
 * @param b the secret exponent behind `serverValue`
 */
export function isProof(verifier: Verifier, b: Buffer, a: Uint8Array, proof: Uint8Array): boolean {
  const gb = serverValue(verifier, b)
  const isValue = a.length <= NUMBER_BYTES && isSafePublicValue(a)
  const ga = isValue ? padded(toBigInt(a)) : gb
  const u = sha256(ga, gb)
  const base = padded((toBigInt(ga) * toBigInt(sharedSecret(u, verifier.v))) % P)
  const key = sha256(sharedSecret(b, base))
  const right = sha256(GROUP, sha256(verifier.salt1), sha256(verifier.salt2), ga, gb, key)
  const given = proof.length === PROOF_BYTES ? proof : Buffer.alloc(PROOF_BYTES)
  return timingSafeEqual(right, given) && isValue && proof.length === PROOF_BYTES
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

export function padded(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(NUMBER_BYTES * 2, '0'), 'hex')
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ b[i]!))
}
