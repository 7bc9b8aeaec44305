/** Transport obfuscation: AES-256-CTR keyed from the first 64 bytes (core.telegram.org/mtproto/mtproto-transports#transport-obfuscation). */
import { type Cipher, createCipheriv } from 'node:crypto'
import type { RandomBytes } from '../ports.ts'
import type { TransportKind } from './framing.ts'

export const OBFUSCATED_HEADER_BYTES = 64
const TAG_AT = 56
const DC_AT = 60

export type ObfuscatedKind = Exclude<TransportKind, 'full'>

const TAGS: ReadonlyMap<number, ObfuscatedKind> = new Map([
  [0xefefefef, 'abridged'],
  [0xeeeeeeee, 'intermediate'],
  [0xdddddddd, 'padded'],
])

export interface Obfuscation {
  readonly kind: ObfuscatedKind
  /** The data centre that the client names: may be negative (media), above 10000 (test), or garbage. */
  readonly dcId: number
  readonly decrypt: Cipher
  readonly encrypt: Cipher
}

/** The server's view of the 64 bytes a connection begins with; undefined when they hold no known tag. */
export function readObfuscatedHeader(header: Buffer): Obfuscation | undefined {
  const { forward, backward } = ciphers(header)
  const plain = forward.update(header)
  const kind = TAGS.get(plain.readUInt32LE(TAG_AT))
  if (kind === undefined) return undefined
  return { kind, dcId: plain.readInt16LE(DC_AT), decrypt: forward, encrypt: backward }
}

/** What a client begins an obfuscated connection with: the bytes to send, and its ciphers. */
export function createObfuscatedHeader(
  kind: ObfuscatedKind,
  dcId: number,
  random: RandomBytes,
): Obfuscation & { readonly header: Buffer } {
  const plain = randomHeader(random)
  const tag = [...TAGS].find(([, name]) => name === kind)![0]
  plain.writeUInt32LE(tag, TAG_AT)
  plain.writeInt16LE(dcId, DC_AT)
  const { forward, backward } = ciphers(plain)
  const encrypted = forward.update(plain)
  const header = Buffer.concat([plain.subarray(0, TAG_AT), encrypted.subarray(TAG_AT)])
  return { kind, dcId, encrypt: forward, decrypt: backward, header }
}

function ciphers(header: Buffer): { forward: Cipher; backward: Cipher } {
  const secret = header.subarray(8, 56)
  const reversed = Buffer.from(secret).reverse()
  return { forward: ctr(secret), backward: ctr(reversed) }
}

function ctr(secret: Buffer): Cipher {
  return createCipheriv('aes-256-ctr', secret.subarray(0, 32), secret.subarray(32, 48))
}

/** Beginnings that mean something else: other transports, HTTP, TLS. */
const RESERVED = new Set([0x44414548, 0x54534f50, 0x20544547, 0x4954504f, 0xeeeeeeee, 0xdddddddd, 0x02010316])

function randomHeader(random: RandomBytes): Buffer {
  for (;;) {
    const header = Buffer.from(random(OBFUSCATED_HEADER_BYTES))
    const taken = header[0] === 0xef || RESERVED.has(header.readUInt32LE(0)) || header.readUInt32LE(4) === 0
    if (!taken) return header
  }
}
