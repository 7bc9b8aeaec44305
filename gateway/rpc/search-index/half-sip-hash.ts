/** The two halves of a key of 64 bits. */
export interface SipKey {
  readonly k0: number
  readonly k1: number
}

export function sipKeyOf(bytes: Buffer): SipKey {
  return { k0: bytes.readUInt32LE(0) | 0, k1: bytes.readUInt32LE(4) | 0 }
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by))

/**
 * HalfSipHash-2-4 (Aumasson, Bernstein: SipHash, a fast short-input PRF) of the UTF-16 code units of `text` from 0 to `length`, in
 * little-endian order: 32 bits that nobody can foresee without the key.
 */
export function halfSipHash({ k0, k1 }: SipKey, text: string, length: number): number {
  let v0 = k0
  let v1 = k1
  let v2 = 0x6c796765 ^ k0
  let v3 = 0x74656462 ^ k1
  const round = () => {
    v0 = (v0 + v1) | 0
    v1 = rotate(v1, 5) ^ v0
    v0 = rotate(v0, 16)
    v2 = (v2 + v3) | 0
    v3 = rotate(v3, 8) ^ v2
    v0 = (v0 + v3) | 0
    v3 = rotate(v3, 7) ^ v0
    v2 = (v2 + v1) | 0
    v1 = rotate(v1, 13) ^ v2
    v2 = rotate(v2, 16)
  }
  const take = (word: number) => {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }
  let at = 0
  for (; at + 1 < length; at += 2) take(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16))
  take(((length * 2) << 24) | (at < length ? text.charCodeAt(at) : 0))
  v2 ^= 0xff
  round()
  round()
  round()
  round()
  return v1 ^ v3
}
