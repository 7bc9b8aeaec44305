/** The two halves of a key of 64 bits. */
export interface SipKey {
  readonly k0: number
  readonly k1: number
}

export function sipKeyOf(bytes: Buffer): SipKey {
  return { k0: bytes.readUInt32LE(0) | 0, k1: bytes.readUInt32LE(4) | 0 }
}

/** Rounds after each word, and at the end. */
const COMPRESSION_ROUNDS = 2
const FINAL_ROUNDS = 4

/**
 * HalfSipHash-2-4 (Aumasson, Bernstein: SipHash, a fast short-input PRF) of the UTF-16 code units of `text` from 0 to `length`, in
 * little-endian order: 32 bits that nobody can foresee without the key. One loop without calls, since it runs for every word.
 */
export function halfSipHash({ k0, k1 }: SipKey, text: string, length: number): number {
  let v0 = k0
  let v1 = k1
  let v2 = 0x6c796765 ^ k0
  let v3 = 0x74656462 ^ k1
  const pairs = length >> 1
  for (let i = 0; i <= pairs + 1; i++) {
    const isFinal = i > pairs
    let word = 0
    if (i < pairs) word = text.charCodeAt(2 * i) | (text.charCodeAt(2 * i + 1) << 16)
    else if (!isFinal) word = (length << 25) | ((length & 1) === 0 ? 0 : text.charCodeAt(length - 1))
    if (isFinal) v2 ^= 0xff
    else v3 ^= word
    const rounds = isFinal ? FINAL_ROUNDS : COMPRESSION_ROUNDS
    for (let round = 0; round < rounds; round++) {
      v0 = (v0 + v1) | 0
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
      v0 = (v0 << 16) | (v0 >>> 16)
      v2 = (v2 + v3) | 0
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
      v0 = (v0 + v3) | 0
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
      v2 = (v2 + v1) | 0
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
      v2 = (v2 << 16) | (v2 >>> 16)
    }
    v0 ^= word
  }
  return v1 ^ v3
}
