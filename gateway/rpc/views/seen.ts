import type { ChatId, UserId } from '@heliograph/schemas/avro'
import type { StateCache } from '@heliograph/storage'

/** A viewer counts once in this time. */
const SEEN_SECONDS = 24 * 3600
/** Posts of one channel that are remembered of one viewer and day; older ones may be counted again. */
const MAX_REMEMBERED = 2_000
const BYTES = 4

/**
 * Those of the posts that the viewer has not looked at today, and remembers that it has now. Where the cache has been lost, a
 * view is counted twice. `now` is in Unix seconds.
 */
export async function newlySeen(
  cache: StateCache,
  viewer: UserId,
  chatId: ChatId,
  seqs: readonly number[],
  now: number,
): Promise<number[]> {
  const key = `views:${viewer}:${chatId}:${Math.floor(now / SEEN_SECONDS)}`
  const seen = unpacked(await cache.get(key))
  const known = new Set(seen)
  const fresh = [...new Set(seqs)].filter((seq) => !known.has(seq))
  if (fresh.length > 0) await cache.set(key, packed([...seen, ...fresh].slice(-MAX_REMEMBERED)), SEEN_SECONDS)
  return fresh
}

function packed(seqs: readonly number[]): Buffer {
  const bytes = Buffer.alloc(seqs.length * BYTES)
  for (const [i, seq] of seqs.entries()) bytes.writeInt32LE(seq, i * BYTES)
  return bytes
}

function unpacked(bytes: Buffer | undefined): number[] {
  if (bytes === undefined) return []
  return Array.from({ length: Math.floor(bytes.length / BYTES) }, (_, i) => bytes.readInt32LE(i * BYTES))
}
