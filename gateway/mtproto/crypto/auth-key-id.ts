import type { AuthKeyId } from '../ports.ts'
import { sha1 } from './hash.ts'

/** The low 64 bits of SHA-1 of the auth key, in wire order (core.telegram.org/mtproto/auth_key). */
export function authKeyIdBytes(authKey: Uint8Array): Buffer {
  return sha1(authKey).subarray(12, 20)
}

export function authKeyIdOf(authKey: Uint8Array): AuthKeyId {
  return authKeyIdBytes(authKey).toString('hex') as AuthKeyId
}

/** The id that an encrypted packet names in its first 8 bytes; the packet must have as many. */
export function packetAuthKeyId(packet: Uint8Array): AuthKeyId {
  return asBuffer(packet).toString('hex', 0, 8) as AuthKeyId
}

/** True when a packet names auth key 0, that is, when it is an unencrypted message of the key exchange. */
export function isUnencrypted(packet: Uint8Array): boolean {
  for (let i = 0; i < 8; i++) if (packet[i] !== 0) return false
  return packet.length >= 8
}

/** The same bytes as a Buffer, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * `new_nonce_hash1`, 2 or 3 of the key exchange: the low 128 bits of SHA-1 of new_nonce, the number, and the auth key's
 * auxiliary hash (the high 64 bits of its SHA-1).
 */
export function newNonceHash(newNonce: Uint8Array, number: 1 | 2 | 3, authKey: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(41)
  input.set(newNonce)
  input[32] = number
  input.set(sha1(authKey).subarray(0, 8), 33)
  return sha1(input).subarray(4, 20)
}
