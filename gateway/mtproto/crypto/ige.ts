/** AES-256 in the infinite garble extension mode of MTProto (core.telegram.org/mtproto/description). */
import { createCipheriv } from 'node:crypto'
import { decryptScratch, encryptScratch, INPUT, IV, KEY, memory, OUTPUT } from './wasm.ts'

const BLOCK = 16
/** Bytes per pass through WebAssembly. */
const PIECE_BYTES = 16 * 1024
/** From here on OpenSSL's CBC is faster than WebAssembly, for encryption only (measured on Node 20). */
const OPENSSL_FROM_BYTES = 10 * 1024

/**
 * Encrypts with a 32-byte key and a 32-byte vector (the previous ciphertext block, then the previous plaintext block).
 * `data` must be a multiple of 16 bytes long. Returns a new buffer.
 */
export function igeEncrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer {
  assertSizes(data, key, iv)
  return data.length >= OPENSSL_FROM_BYTES ? encryptByCbc(data, key, iv) : inPieces(data, key, iv, true)
}

/** The reverse of `igeEncrypt`. */
export function igeDecrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer {
  assertSizes(data, key, iv)
  return inPieces(data, key, iv, false)
}

function assertSizes(data: Uint8Array, key: Uint8Array, iv: Uint8Array): void {
  if (data.length % BLOCK !== 0 || key.length !== 32 || iv.length !== 32) {
    throw new RangeError(`AES-IGE needs whole blocks and 32-byte key and vector, got ${data.length} bytes`)
  }
}

/** The vector after a piece is its last ciphertext block and its last plaintext block, so pieces chain. */
function inPieces(data: Uint8Array, key: Uint8Array, iv: Uint8Array, encrypting: boolean): Buffer {
  const result = Buffer.allocUnsafe(data.length)
  memory.set(key, KEY)
  for (let at = 0; at < data.length; at += PIECE_BYTES) {
    const end = Math.min(at + PIECE_BYTES, data.length)
    if (at === 0) memory.set(iv, IV)
    else chainVector(encrypting ? result : data, encrypting ? data : result, at)
    memory.set(data.subarray(at, end), INPUT)
    if (encrypting) encryptScratch(INPUT, end - at, OUTPUT)
    else decryptScratch(INPUT, end - at, OUTPUT)
    memory.copy(result, at, OUTPUT, OUTPUT + end - at)
  }
  return result
}

function chainVector(ciphertext: Uint8Array, plaintext: Uint8Array, at: number): void {
  memory.set(ciphertext.subarray(at - BLOCK, at), IV)
  memory.set(plaintext.subarray(at - BLOCK, at), IV + BLOCK)
}

/**
 * c[i] = E(p[i] xor c[i-1]) xor p[i-1]. With d[i] = c[i] xor p[i-1] this is d[i] = E((p[i] xor p[i-2]) xor d[i-1]): CBC over
 * p[i] xor p[i-2], whose output is xored with p[i-1]. Words of the vector stand for the blocks before the first.
 */
function encryptByCbc(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Buffer {
  const plain = Buffer.allocUnsafeSlow(data.length + BLOCK)
  plain.set(data, BLOCK)
  const result = Buffer.allocUnsafeSlow(data.length)
  encryptWords(plain, key, iv, result, 0)
  return result
}

/** Whether `igeEncryptInto` may be used for so many bytes. */
export const isLargeForIge = (bytes: number): boolean => bytes >= OPENSSL_FROM_BYTES

/**
 * As `igeEncrypt` for large data, without the copies: `plain` is 16 bytes of space and the data behind it, `into` gets the
 * ciphertext from `at` on. Both begin at a multiple of 4 in their memory, as `at` is one.
 */
export function igeEncryptInto(
  plain: Buffer,
  key: Uint8Array,
  iv: Uint8Array,
  into: Buffer,
  at: number,
): void {
  assertSizes(plain, key, iv)
  encryptWords(plain, key, iv, into, at)
}

/** What OpenSSL is given; one buffer serves the process up to the size of a large part of a file. */
const SHARED_WORDS = 264 * 1024
const sharedWords = new Uint32Array(SHARED_WORDS)

function encryptWords(plain: Buffer, key: Uint8Array, iv: Uint8Array, into: Buffer, at: number): void {
  plain.set(iv.subarray(BLOCK), 0)
  const words = wordsOf(plain)
  const count = words.length - 4
  const mixed = count <= SHARED_WORDS ? sharedWords : new Uint32Array(count)
  // Block 0 has no block two before it in the CBC chain; the chain's own vector takes that place.
  for (let i = 0; i < 4; i++) mixed[i] = words[i + 4]!
  for (let i = 4; i < count; i++) mixed[i] = words[i + 4]! ^ words[i - 4]!
  const cipher = createCipheriv('aes-256-cbc', key, iv.subarray(0, BLOCK)).setAutoPadding(false)
  const chained = cipher.update(new Uint8Array(mixed.buffer, 0, count * 4))
  const chainedWords = chained.byteOffset % 4 === 0 ? wordsOf(chained) : wordsOf(new Uint8Array(chained))
  const result = wordsOf(into.subarray(at, at + count * 4))
  for (let i = 0; i < count; i++) result[i] = chainedWords[i]! ^ words[i]!
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
}
