import { isGroupPeer, type PeerId } from '@heliograph/schemas/avro'
import { mailboxCounters, mailboxHistory, mailboxMessages, type RowOf } from '@heliograph/storage'
import { SERVICE_USER_ID } from '../directory/service-user.ts'
import type { CallContext } from '../handler.ts'

/** Seconds in which a rating falls to its e-th part; also told to clients by `help.getConfig` as `rating_e_decay`. */
export const RATING_DECAY_SECONDS = 2_419_200
/** The newest messages of the mailbox that ratings are made of: older ones would hardly count. */
const MAX_RATED_MESSAGES = 1_000

export interface Rated {
  readonly peerId: PeerId
  readonly rating: number
}

/**
 * Whom the caller writes to most, best first: every message that it sent counts, the less the older it is. Made anew from the
 * mailbox, so that sending costs nothing more.
 * @param since by peer, Unix seconds up to which nothing counts
 */
export async function ratings(
  { services, user, now }: CallContext,
  since: ReadonlyMap<PeerId, number>,
): Promise<Rated[]> {
  const { tables } = services
  const counters = await tables.get(mailboxCounters, { userId: user })
  const range = { from: 1, to: counters?.msgId ?? 0, descending: true, limit: MAX_RATED_MESSAGES }
  const places = await tables.range(mailboxMessages, { userId: user }, range)
  const rows = await tables.getMany(
    places.map(({ peerId, seq }) => ({
      table: mailboxHistory,
      key: { userId: user, peerId: peerId!, seq: seq! },
    })),
  )
  const sums = new Map<PeerId, number>()
  for (const row of rows as (RowOf<typeof mailboxHistory> | undefined)[]) {
    const peerId = row?.peerId as PeerId
    if (row?.out !== true || !isRated(peerId, user) || row.date! <= (since.get(peerId) ?? 0)) continue
    const weight = Math.exp(-Math.max(0, now - row.date!) / RATING_DECAY_SECONDS)
    sums.set(peerId, (sums.get(peerId) ?? 0) + weight)
  }
  return [...sums]
    .map(([peerId, rating]) => ({ peerId, rating }))
    .sort((a, b) => b.rating - a.rating || b.peerId - a.peerId)
}

const isRated = (peerId: PeerId, user: number): boolean =>
  isGroupPeer(peerId) || (peerId > 0 && peerId !== user && peerId !== (SERVICE_USER_ID as number))
