import type { Taken, TokenBucket } from './state-cache.ts'

/** A bucket at an instant. */
export interface BucketLevel {
  readonly tokens: number
  readonly atMs: number
}

/** Takes `cost` tokens from a bucket that was last seen at `before` (undefined: full). A refusal takes nothing. */
export function takeTokens(
  before: BucketLevel | undefined,
  bucket: TokenBucket,
  cost: number,
  nowMs: number,
): { level: BucketLevel; taken: Taken } {
  const tokens = before === undefined ? bucket.capacity : refilled(before, bucket, nowMs)
  if (tokens >= cost) return { level: { tokens: tokens - cost, atMs: nowMs }, taken: { allowed: true } }
  const waitSeconds = Math.max(1, Math.ceil((cost - tokens) / bucket.refillPerSecond))
  return { level: { tokens, atMs: nowMs }, taken: { allowed: false, waitSeconds } }
}

/** Seconds after which an untouched bucket is full, whatever it held: it may be forgotten then. */
export function refillSeconds(bucket: TokenBucket): number {
  return Math.ceil(bucket.capacity / bucket.refillPerSecond)
}

function refilled(before: BucketLevel, bucket: TokenBucket, nowMs: number): number {
  const elapsedSeconds = Math.max(0, nowMs - before.atMs) / 1000
  return Math.min(bucket.capacity, before.tokens + elapsedSeconds * bucket.refillPerSecond)
}
