import type { StateCache } from '@heliograph/storage'
import { unlessAway } from '../cache-away.ts'

/** A log-in that nobody has objected to for so long counts as confirmed. */
export const AUTOCONFIRM_SECONDS = 7 * 24 * 3600

const unconfirmedKey = (authKeyId: string): string => `unconfirmed:${authKeyId}`

/** Notes that no other session of the account has confirmed the log-in on this key yet; nobody is asked while the cache is away. */
export function markUnconfirmed(cache: StateCache, authKeyId: string): Promise<void> {
  return unlessAway(cache.set(unconfirmedKey(authKeyId), Buffer.of(1), AUTOCONFIRM_SECONDS), undefined)
}

export function confirm(cache: StateCache, authKeyId: string): Promise<void> {
  return cache.delete(unconfirmedKey(authKeyId))
}

export async function isUnconfirmed(cache: StateCache, authKeyId: string): Promise<boolean> {
  return (await unlessAway(cache.get(unconfirmedKey(authKeyId)), undefined)) !== undefined
}
