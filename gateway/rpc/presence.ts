import type { BusRecord, Presence, RecordCodec, UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { type Bus, presenceChannel, type StateCache } from '@heliograph/storage'
import { unlessAway } from './cache-away.ts'

/** How long a client's "I am online" holds without another. */
export const ONLINE_SECONDS = 300
/** How long it is remembered when somebody was last online. */
const REMEMBERED_SECONDS = 30 * 24 * 3600

export interface PresenceStores {
  readonly cache: StateCache
  readonly bus: Bus
  readonly codec: RecordCodec
}
export type Seen = Pick<Presence, 'expires' | 'wasOnline'>

const presenceKey = (userId: number): string => `presence:${userId}`

/** The user is online from `now` (Unix seconds) for `ONLINE_SECONDS`; tells those who watch. */
export function setOnline(stores: PresenceStores, userId: UserId, now: number): Promise<void> {
  return put(stores, userId, { expires: now + ONLINE_SECONDS, wasOnline: now })
}

/** The user went offline at `now`; tells those who watch. */
export function setOffline(stores: PresenceStores, userId: UserId, now: number): Promise<void> {
  return put(stores, userId, { expires: 0, wasOnline: now })
}

/** What is known of each user, in order; undefined where nothing is, as while the cache is away. */
export async function presences(
  stores: Pick<PresenceStores, 'cache' | 'codec'>,
  ids: readonly UserId[],
): Promise<(Seen | undefined)[]> {
  const nothing: (Buffer | undefined)[] = ids.map(() => undefined)
  const values = await unlessAway(stores.cache.getMany(ids.map(presenceKey)), nothing)
  return values.map((value) => {
    const record = value && stores.codec.decodeBare<BusRecord>(value)
    return record?.type === 'Presence' ? record : undefined
  })
}

/** How clients are told; nothing known is "recently", the vaguest form. */
export function userStatus(seen: Seen | undefined, now: number): TlType<'UserStatus'> {
  if (seen === undefined) return { _: 'userStatusRecently' }
  if (seen.expires > now) return { _: 'userStatusOnline', expires: seen.expires }
  return { _: 'userStatusOffline', wasOnline: seen.expires > 0 ? seen.expires : seen.wasOnline }
}

async function put(stores: PresenceStores, userId: UserId, seen: Seen): Promise<void> {
  const payload = stores.codec.encodeBare({ type: 'Presence', userId, ...seen })
  await unlessAway(stores.cache.set(presenceKey(userId), payload, REMEMBERED_SECONDS), undefined)
  stores.bus.publish(presenceChannel(userId), payload)
}
