/** Message keys and the AES keys that follow from them (core.telegram.org/mtproto/description and /description_v1). */
import { sha1, sha256 } from './hash.ts'
import { DIGEST, INPUT, IV, KEY, memory, SCRATCH_BYTES, sha256Scratch } from './wasm.ts'

/** 0 for messages from client to server, 8 for the other way. */
export type Direction = 0 | 8
export const TO_SERVER = 0
export const TO_CLIENT = 8

export interface AesKeyIv {
  readonly key: Buffer
  readonly iv: Buffer
}

/** Where the key derivation's input stands: behind the message, so that both fit the scratch region. */
const DERIVE = INPUT + SCRATCH_BYTES - 64

/**
 * SHA-256 over 32 bytes of the auth key and the plaintext with its padding. The message key is its middle 16 bytes (8 to 24);
 * its first 4 are the quick-acknowledgement token of a message to the server.
 */
export function messageKeyLarge(authKey: Uint8Array, padded: Uint8Array, x: Direction): Buffer {
  const input = Buffer.allocUnsafe(32 + padded.length)
  input.set(authKey.subarray(88 + x, 120 + x))
  input.set(padded, 32)
  return sha256(input)
}

/** The 16-byte message key of MTProto 2.0. `padded` is the plaintext with its padding. */
export function messageKey(authKey: Uint8Array, padded: Uint8Array, x: Direction): Buffer {
  return messageKeyLarge(authKey, padded, x).subarray(8, 24)
}

/** AES key and vector of MTProto 2.0, as new buffers. */
export function aesKeyIv(authKey: Uint8Array, msgKey: Uint8Array, x: Direction): AesKeyIv {
  deriveToScratch(authKey, msgKey, 0, x)
  return {
    key: Buffer.from(memory.subarray(KEY, KEY + 32)),
    iv: Buffer.from(memory.subarray(IV, IV + 32)),
  }
}

/**
 * The same derivation straight into the cipher's key and vector inside the WebAssembly memory. Hashes of 52 bytes are where
 * WebAssembly is twice as fast as OpenSSL through Node.
 */
export function deriveToScratch(authKey: Uint8Array, from: Uint8Array, msgKeyAt: number, x: Direction): void {
  for (let i = 0; i < 16; i++) memory[DERIVE + i] = from[msgKeyAt + i]!
  for (let i = 0; i < 36; i++) memory[DERIVE + 16 + i] = authKey[x + i]!
  sha256Scratch(DERIVE, 52)
  copyWithin(KEY, 0, 8)
  copyWithin(IV + 8, 8, 16)
  copyWithin(KEY + 24, 24, 8)
  for (let i = 0; i < 36; i++) memory[DERIVE + i] = authKey[40 + x + i]!
  for (let i = 0; i < 16; i++) memory[DERIVE + 36 + i] = from[msgKeyAt + i]!
  sha256Scratch(DERIVE, 52)
  copyWithin(IV, 0, 8)
  copyWithin(KEY + 8, 8, 16)
  copyWithin(IV + 24, 24, 8)
}

function copyWithin(to: number, digestAt: number, size: number): void {
  for (let i = 0; i < size; i++) memory[to + i] = memory[DIGEST + digestAt + i]!
}

/** The message key of MTProto 1.0, which survives only inside `auth.bindTempAuthKey`. `plaintext` excludes the padding. */
export function messageKeyV1(plaintext: Uint8Array): Buffer {
  return sha1(plaintext).subarray(4, 20)
}

/** AES key and vector of MTProto 1.0. */
export function aesKeyIvV1(authKey: Uint8Array, msgKey: Uint8Array, x: Direction): AesKeyIv {
  const part = (start: number, size: number) => authKey.subarray(start + x, start + x + size)
  const a = sha1(Buffer.concat([msgKey, part(0, 32)]))
  const b = sha1(Buffer.concat([part(32, 16), msgKey, part(48, 16)]))
  const c = sha1(Buffer.concat([part(64, 32), msgKey]))
  const d = sha1(Buffer.concat([msgKey, part(96, 32)]))
  return {
    key: Buffer.concat([a.subarray(0, 8), b.subarray(8, 20), c.subarray(4, 16)]),
    iv: Buffer.concat([a.subarray(8, 20), b.subarray(0, 8), c.subarray(16, 20), d.subarray(0, 8)]),
  }
}
