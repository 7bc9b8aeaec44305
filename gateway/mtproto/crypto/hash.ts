import * as nodeCrypto from 'node:crypto'

/**
 * One-shot hashes. Node's `hash()` takes 0.7 us for anything up to 300 bytes; WebAssembly is faster only below some 100
 * bytes, which is where `message-key.ts` uses it directly.
 */
export function sha256(bytes: Uint8Array): Buffer {
  return nodeCrypto.hash('sha256', bytes, 'buffer')
}

export function sha1(bytes: Uint8Array): Buffer {
  return nodeCrypto.hash('sha1', bytes, 'buffer')
}

/** True when both ranges of `size` bytes are equal; takes the same time wherever they differ. */
export function equalBytes(
  a: Uint8Array,
  b: Uint8Array,
  aStart = 0,
  bStart = 0,
  size: number = a.length,
): boolean {
  let difference = 0
  if (aStart + size > a.length || bStart + size > b.length) return false
  for (let i = 0; i < size; i++) difference |= a[aStart + i]! ^ b[bStart + i]!
  return difference === 0
}
