/** The encryption of the exchange's Diffie-Hellman messages under keys that follow from the nonces. */
import { equalBytes, sha1 } from '../crypto/hash.ts'
import { igeDecrypt, igeEncrypt } from '../crypto/ige.ts'
import type { AesKeyIv } from '../crypto/message-key.ts'
import type { RandomBytes } from '../ports.ts'
import { MalformedMessage } from './wire.ts'

const SHA1_BYTES = 20
const BLOCK = 16

/** `tmp_aes_key` and `tmp_aes_iv`. */
export function temporaryAes(newNonce: Uint8Array, serverNonce: Uint8Array): AesKeyIv {
  const newServer = sha1(Buffer.concat([newNonce, serverNonce]))
  const serverNew = sha1(Buffer.concat([serverNonce, newNonce]))
  const newNew = sha1(Buffer.concat([newNonce, newNonce]))
  return {
    key: Buffer.concat([newServer, serverNew.subarray(0, 12)]),
    iv: Buffer.concat([serverNew.subarray(12), newNew, newNonce.subarray(0, 4)]),
  }
}

/** SHA-1 of the data, the data, up to 15 random bytes, encrypted. */
export function sealAnswer(aes: AesKeyIv, data: Uint8Array, random: RandomBytes): Buffer {
  const head = Buffer.concat([sha1(data), data])
  const padding = random((BLOCK - (head.length % BLOCK)) % BLOCK)
  return igeEncrypt(Buffer.concat([head, padding]), aes.key, aes.iv)
}

/**
 * Decrypts and reads one value with `read`, which says how many bytes it took. Undefined when the hash does not match or
 * the value cannot be read, without a difference between the two.
 */
export function openAnswer<T>(
  aes: AesKeyIv,
  encrypted: Uint8Array,
  read: (data: Buffer) => { readonly value: T; readonly size: number },
): T | undefined {
  if (encrypted.length % BLOCK !== 0 || encrypted.length < SHA1_BYTES + BLOCK) return undefined
  const opened = igeDecrypt(encrypted, aes.key, aes.iv)
  const content = opened.subarray(SHA1_BYTES)
  const found = tryRead(content, read)
  const size = found?.size ?? content.length
  const authentic = equalBytes(sha1(content.subarray(0, size)), opened, 0, 0, SHA1_BYTES)
  return authentic && content.length - size < BLOCK ? found?.value : undefined
}

function tryRead<T>(content: Buffer, read: (data: Buffer) => T): T | undefined {
  try {
    return read(content)
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined
    throw error
  }
}
