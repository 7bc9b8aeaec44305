import type { Partitioner } from './log.ts'

const SEED = 0x9747b28c
const M = 0x5bd1e995
const R = 24
const ASCII_LIMIT = 0x80

/** Partition of a key: murmur2 of its UTF-8 bytes, made positive, modulo the count (Kafka's default partitioner). */
export const partitionOf: Partitioner = (key, partitions) => (murmur2(key) & 0x7fffffff) % partitions

/** MurmurHash2, 32 bits, with Kafka's seed; the result is a signed int32. */
export function murmur2(key: string): number {
  for (let i = 0; i < key.length; i++) {
    if (key.charCodeAt(i) >= ASCII_LIMIT) return hash(Buffer.from(key, 'utf8').toString('latin1'))
  }
  return hash(key)
}

/** `bytes` holds one byte in each character. */
function hash(bytes: string): number {
  const whole = bytes.length & ~3
  let h = SEED ^ bytes.length
  for (let i = 0; i < whole; i += 4) {
    let k = Math.imul(word(bytes, i), M)
    k = Math.imul(k ^ (k >>> R), M)
    h = Math.imul(h, M) ^ k
  }
  if (whole < bytes.length) h = Math.imul(h ^ rest(bytes, whole), M)
  h = Math.imul(h ^ (h >>> 13), M)
  return h ^ (h >>> 15)
}

function word(bytes: string, at: number): number {
  return rest(bytes, at) | (bytes.charCodeAt(at + 3) << 24)
}

function rest(bytes: string, at: number): number {
  let value = bytes.charCodeAt(at)
  if (at + 1 < bytes.length) value |= bytes.charCodeAt(at + 1) << 8
  if (at + 2 < bytes.length) value |= bytes.charCodeAt(at + 2) << 16
  return value
}
