import { setImmediate } from 'node:timers/promises'
import type { UserId } from '@heliograph/schemas/avro'
import { mailboxHistory, mailboxMessages, type RowOf } from '@heliograph/storage'
import type { Services } from '../../services.ts'
import { entries, entryOf, type HistoryEntry, type Mailbox } from '../mailbox/history.ts'
import { type OpenedMessage, openMessages } from '../mailbox/rendered.ts'
import { matches, mayMatch, type Query } from './match.ts'

/** Messages that are opened at a time; other calls get their turn between. */
const BATCH = 200
/** Messages that are looked at for the number of hits, once the page is full. */
export const MAX_COUNTED_SCAN = 2000
/** Messages that one search looks at. */
export const MAX_SCAN = 20_000

/** Hands out messages from the newest to the oldest, deleted ones as well; an empty batch ends it. */
export type Source = (limit: number) => Promise<HistoryEntry[]>

/** The messages of one chat from seq `high` down to `low`. */
export function chatSource(mailbox: Mailbox, low: number, high: number): Source {
  let to = high
  return async (limit) => {
    if (to < low) return []
    const page = await entries(mailbox, { from: low, to, descending: true }, limit)
    to = page.length < limit ? 0 : page[page.length - 1]!.seq - 1
    return page
  }
}

/** All messages of a user, of all chats, from id `high` downwards: ids grow with time across chats. */
export function mailboxSource({ tables }: Pick<Services, 'tables'>, userId: UserId, high: number): Source {
  let to = high
  return async (limit) => {
    if (to < 1) return []
    const places = await tables.range(mailboxMessages, { userId }, { from: 1, to, descending: true, limit })
    to = places.length < limit ? 0 : places[places.length - 1]!.msgId! - 1
    const rows = await tables.getMany(
      places.map(({ peerId, seq }) => ({
        table: mailboxHistory,
        key: { userId, peerId: peerId!, seq: seq! },
      })),
    )
    return rows.flatMap((row) => (row === undefined ? [] : [entryOf(row as RowOf<typeof mailboxHistory>)]))
  }
}

export interface Found {
  /** The page, newest first. */
  readonly page: readonly OpenedMessage[]
  /** Hits seen; all of them where `exact`. */
  readonly count: number
  readonly exact: boolean
}

/**
 * Searches by opening messages, newest first, within bounds: until the page is full and `MAX_COUNTED_SCAN` messages have
 * been counted, at most `MAX_SCAN`.
 */
export async function search(
  services: Pick<Services, 'tables' | 'keyring' | 'codec'>,
  query: Query,
  source: Source,
  page: { readonly take: number; readonly skip: number; readonly isNewer: (entry: HistoryEntry) => boolean },
): Promise<Found> {
  const hits: OpenedMessage[] = []
  let count = 0
  let skipped = 0
  for (let scanned = 0; scanned < MAX_SCAN; ) {
    if (hits.length >= page.take && scanned >= MAX_COUNTED_SCAN) return { page: hits, count, exact: false }
    const batch = await source(BATCH)
    if (batch.length === 0) return { page: hits, count, exact: true }
    const candidates = batch.filter((entry) => mayMatch(entry, query))
    for (const message of await openMessages(services, query.viewer as UserId, candidates)) {
      if (!matches(message, query)) continue
      count += 1
      if (page.isNewer(message.entry) || hits.length >= page.take) continue
      if (skipped < page.skip) skipped += 1
      else hits.push(message)
    }
    scanned += batch.length
    await setImmediate()
  }
  return { page: hits, count, exact: false }
}
