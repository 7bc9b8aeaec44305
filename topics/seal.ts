import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'

/** What a sealed payload belongs to; it opens nowhere else. */
export interface SealedFor {
  /** The topic whose record carries it first; tables and caches keep the same bytes. */
  readonly topic: string
  /** Key of the record: chat id, account key. */
  readonly key: string
  /** Name of the content's schema. */
  readonly type: string
}

const VERSION = 1
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const PREFIX_BYTES = 1 + NONCE_BYTES
/** How much longer a sealed payload is than its content. */
export const SEAL_OVERHEAD_BYTES = PREFIX_BYTES + TAG_BYTES
const POOLED_NONCES = 512

const nonces = Buffer.alloc(NONCE_BYTES * POOLED_NONCES)
let nextNonce = nonces.length

/**
 * Seals with AES-256-GCM: version (1 byte), nonce (12), ciphertext, tag (16). The key is 32 bytes.
 *
 * Nonces are random, because gateways and actors of many processes and lives share a chat's key and no counter; 96 random
 * bits stay unrepeated with a probability of 1 - 2^-32 up to 2^32 payloads under one key (NIST SP 800-38D, 8.3), far
 * above what one chat or user holds. They come from a pool, which costs less than the counter it replaces.
 */
export function seal(key: Buffer, to: SealedFor, content: Uint8Array): Buffer {
  if (key.length !== KEY_BYTES) throw new Error(`a data key has ${KEY_BYTES} bytes, not ${key.length}`)
  const sealed = Buffer.allocUnsafe(SEAL_OVERHEAD_BYTES + content.length)
  sealed[0] = VERSION
  const nonce = takeNonce()
  nonce.copy(sealed, 1)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(associated(to))
  cipher.update(content).copy(sealed, PREFIX_BYTES)
  cipher.final()
  cipher.getAuthTag().copy(sealed, PREFIX_BYTES + content.length)
  return sealed
}

/** The content; undefined where the bytes are damaged, of another key, or sealed for something else. */
export function open(key: Buffer, to: SealedFor, sealed: Buffer): Buffer | undefined {
  if (sealed.length < SEAL_OVERHEAD_BYTES || sealed[0] !== VERSION || key.length !== KEY_BYTES)
    return undefined
  const tagAt = sealed.length - TAG_BYTES
  const options = { authTagLength: TAG_BYTES }
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, PREFIX_BYTES), options)
  decipher.setAAD(associated(to))
  decipher.setAuthTag(sealed.subarray(tagAt))
  const content = decipher.update(sealed.subarray(PREFIX_BYTES, tagAt))
  try {
    decipher.final()
    return content
  } catch {
    return undefined
  }
}

/** Lengths stand in front, so that no two different bindings read the same. */
function associated(to: SealedFor): Buffer {
  return Buffer.from(`${to.topic.length}:${to.topic}${to.key.length}:${to.key}${to.type}`)
}

/** Valid until the next call. */
function takeNonce(): Buffer {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces)
    nextNonce = 0
  }
  nextNonce += NONCE_BYTES
  return nonces.subarray(nextNonce - NONCE_BYTES, nextNonce)
}
