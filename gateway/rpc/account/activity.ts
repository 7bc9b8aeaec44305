import type { StateCache } from '@heliograph/storage'
import { unlessAway } from '../cache-away.ts'

/** How long it is remembered when a session was last active; its log-in is what is known then. */
const REMEMBERED_SECONDS = 30 * 24 * 3600
const SECONDS_BYTES = 4

const activityKey = (authKeyId: string): string => `active:${authKeyId}`

/** Notes that the log-in on this permanent key is in use at `now` (Unix seconds); not while the cache is away. */
export function noteActive(cache: StateCache, authKeyId: string, now: number): Promise<void> {
  const value = Buffer.allocUnsafeSlow(SECONDS_BYTES)
  value.writeUInt32LE(now)
  return unlessAway(cache.set(activityKey(authKeyId), value, REMEMBERED_SECONDS), undefined)
}

/** When the log-in on this permanent key was last seen in use (Unix seconds); undefined where that is not known. */
export async function lastActive(cache: StateCache, authKeyId: string): Promise<number | undefined> {
  return (await unlessAway(cache.get(activityKey(authKeyId)), undefined))?.readUInt32LE(0)
}
