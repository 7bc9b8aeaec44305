import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

export const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const SALT = Buffer.alloc(0)

/** A key of 32 bytes for one purpose, derived from the master key (HKDF-SHA256, RFC 5869). */
export function derive(master: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, SALT, purpose, KEY_BYTES))
}

/** Wraps a data key with AES-256-GCM, bound to its scope: nonce (12 bytes), ciphertext (32), tag (16). */
export function wrap(wrappingKey: Buffer, scope: string, key: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce).setAAD(Buffer.from(scope))
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()])
}

/** Undefined where the bytes are damaged, or of another scope or master key. */
export function unwrap(wrappingKey: Buffer, scope: string, wrapped: Buffer): Buffer | undefined {
  if (wrapped.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) return undefined
  const nonce = wrapped.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(scope)).setAuthTag(wrapped.subarray(NONCE_BYTES + KEY_BYTES))
  const key = decipher.update(wrapped.subarray(NONCE_BYTES, NONCE_BYTES + KEY_BYTES))
  try {
    decipher.final()
    return key
  } catch {
    return undefined
  }
}
