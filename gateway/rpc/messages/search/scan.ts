import { setImmediate } from 'node:timers/promises'
import { chatIdOf, type UserId } from '@heliograph/schemas/avro'
import type { Services } from '../../services.ts'
import type { HistoryEntry } from '../mailbox/history.ts'
import { leftGroups } from '../mailbox/left-groups.ts'
import type { Window } from '../mailbox/paging.ts'
import { openMessages } from '../mailbox/rendered.ts'
import { asksContent, matches, mayMatch } from './match.ts'
import type { Query } from './query.ts'
import type { Batch, Source } from './source.ts'

/** Messages that are looked at at a time; other calls get their turn between. */
const BATCH = 200
/** Messages that are looked at for the number of hits, once the page is full. */
export const MAX_COUNTED_SCAN = 2000
/** Messages that one search looks at. */
export const MAX_SCAN = 20_000

type Reading = Pick<Services, 'tables' | 'keyring' | 'codec'>

/** The hits in a batch. */
export async function hitsIn(services: Reading, query: Query, batch: Batch): Promise<HistoryEntry[]> {
  const candidates = batch.entries.filter((entry) => mayMatch(entry, query))
  if (batch.isSure && !asksContent(query) && !(await mayBeHidden(services, query, candidates)))
    return candidates
  const opened = await openMessages(services, query.viewer as UserId, candidates)
  return opened.filter((message) => matches(message, query)).map(({ entry }) => entry)
}

/** Of a group that the viewer has left only the opened message tells whether it was changed since. */
async function mayBeHidden(
  { tables }: Reading,
  { viewer, filter }: Query,
  candidates: readonly HistoryEntry[],
): Promise<boolean> {
  // Their source has none of a group that was left.
  if (filter === 'pinned') return false
  const chatIds = candidates.map(({ peerId }) => chatIdOf(viewer as UserId, peerId))
  return (await leftGroups(tables, viewer as UserId, chatIds)).size > 0
}

/** All hits, newest first, as far as a search goes; `each` may end it by returning false. */
export async function scanAll(
  services: Reading,
  query: Query,
  source: Source,
  each: (hit: HistoryEntry, scanned: number) => boolean,
  maxScan = MAX_SCAN,
): Promise<{ readonly exact: boolean; readonly scanned: number }> {
  let scanned = 0
  while (scanned < maxScan) {
    const batch = await source(BATCH)
    if (batch === undefined) return { exact: true, scanned }
    scanned += batch.scanned
    for (const hit of await hitsIn(services, query, batch)) {
      if (!each(hit, scanned)) return { exact: false, scanned }
    }
    await setImmediate()
  }
  return { exact: false, scanned }
}

export interface Found {
  /** The page, newest first. */
  readonly page: readonly HistoryEntry[]
  /** Hits seen; all of them where `exact`. */
  readonly count: number
  readonly exact: boolean
}

/** What part of the hits is asked for: a window around the first that is not newer than the client's offset. */
export interface Wanted extends Window {
  readonly isNewer: (entry: HistoryEntry) => boolean
}

/**
 * Searches newest first, within bounds: until the page is full and `MAX_COUNTED_SCAN` messages have been looked at, at most
 * `MAX_SCAN`.
 */
export async function search(
  services: Reading,
  query: Query,
  source: Source,
  wanted: Wanted,
): Promise<Found> {
  const newer: HistoryEntry[] = []
  const older: HistoryEntry[] = []
  let count = 0
  let passed = 0
  const { exact } = await scanAll(services, query, source, (hit, scanned) => {
    count += 1
    if (wanted.isNewer(hit)) {
      newer.push(hit)
      if (newer.length > wanted.newerTake + wanted.newerSkip) newer.shift()
    } else if (passed < wanted.olderSkip) passed += 1
    else if (older.length < wanted.olderTake) older.push(hit)
    return older.length < wanted.olderTake || scanned < MAX_COUNTED_SCAN
  })
  return { page: [...newer.slice(0, wanted.newerTake), ...older], count, exact }
}
