import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 8192
const LARGEST_POOLED_BYTES = 1024

let pool = Buffer.alloc(0)
let used = 0

/**
 * Random bytes from the operating system's generator, drawn in blocks because a call costs 1.5 us whatever its size.
 * Every byte is handed out once.
 */
export function randomBytes(sizeBytes: number): Buffer {
  if (sizeBytes > LARGEST_POOLED_BYTES) return randomFillSync(Buffer.allocUnsafeSlow(sizeBytes))
  if (used + sizeBytes > pool.length) {
    pool = randomFillSync(Buffer.allocUnsafeSlow(POOL_BYTES))
    used = 0
  }
  used += sizeBytes
  return pool.subarray(used - sizeBytes, used)
}
