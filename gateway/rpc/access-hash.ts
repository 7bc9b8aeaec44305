import { timingSafeEqual } from 'node:crypto'
import type { Keyring } from '@heliograph/storage'

export type PeerKind = 'user' | 'channel'

function hashBytes(keyring: Keyring, viewer: number, kind: PeerKind, id: number): Buffer {
  return keyring.mac('access-hash', `${viewer}|${kind}|${id}`).subarray(0, 8)
}

/** The access hash under which `viewer` may name the peer: a signed 64-bit number, worth nothing to anybody else. */
export function accessHash(keyring: Keyring, viewer: number, kind: PeerKind, id: number): bigint {
  return hashBytes(keyring, viewer, kind, id).readBigInt64LE()
}

const given = Buffer.alloc(8)
const known = Buffer.alloc(8)

/** Compares in constant time. */
export function isAccessHash(
  keyring: Keyring,
  viewer: number,
  kind: PeerKind,
  id: number,
  hash: bigint,
): boolean {
  given.writeBigInt64LE(BigInt.asIntN(64, hash))
  return timingSafeEqual(given, hashBytes(keyring, viewer, kind, id))
}

/** As `isAccessHash`, with the right one at hand. */
export function equalAccessHashes(right: bigint, hash: bigint): boolean {
  known.writeBigInt64LE(right)
  given.writeBigInt64LE(BigInt.asIntN(64, hash))
  return timingSafeEqual(given, known)
}
