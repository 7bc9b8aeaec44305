import { extentOf } from './extent.ts'
import type { HistoryEntry, Mailbox } from './history.ts'
import { liveEntries, seqFromDate, seqFromId } from './history.ts'

export const MAX_PAGE = 100

/** Which part of a chat a client asks for (core.telegram.org/api/offsets). Ids are the caller's message ids. */
export interface PageRequest {
  readonly offsetId: number
  readonly offsetDate: number
  readonly addOffset: number
  readonly limit: number
  readonly maxId: number
  readonly minId: number
}

/** How many messages to take below a pivot (older) and from it upwards (newer). */
export interface Window {
  readonly olderSkip: number
  readonly olderTake: number
  readonly newerSkip: number
  readonly newerTake: number
}

/**
 * Of a list with the newest first, in which the first message older than the pivot has index 0: the window from
 * `addOffset` (which may be negative) of `limit` messages.
 */
export function windowAround(addOffset: number, limit: number): Window {
  const end = addOffset + limit
  const olderSkip = Math.max(0, addOffset)
  const newerSkip = Math.max(0, -end)
  return {
    olderSkip,
    olderTake: Math.max(0, end - olderSkip),
    newerSkip,
    newerTake: Math.max(0, -addOffset - newerSkip),
  }
}

export const clampLimit = (limit: number): number => Math.max(0, Math.min(MAX_PAGE, limit))

/** Seqs that may be shown, both inclusive, and the pivot: the lowest seq that is newer than the offset. */
export interface Bounds {
  readonly low: number
  readonly high: number
  readonly pivot: number
}

/** `max_id` and `min_id` are exclusive; an offset id goes before an offset date, which clients send along. */
export async function boundsOf(mailbox: Mailbox, topSeq: number, request: PageRequest): Promise<Bounds> {
  const { offsetId, offsetDate, minId, maxId } = request
  const high = maxId > 0 ? (await seqFromId(mailbox, topSeq, maxId)) - 1 : topSeq
  const low = minId > 0 ? await seqFromId(mailbox, topSeq, minId + 1) : 1
  let pivot = high + 1
  if (offsetId > 0) pivot = await seqFromId(mailbox, topSeq, offsetId)
  else if (offsetDate > 0) pivot = await seqFromDate(mailbox, topSeq, offsetDate)
  return { low, high, pivot: Math.max(low, Math.min(high + 1, pivot)) }
}

export interface Page {
  /** Newest first. */
  readonly entries: HistoryEntry[]
  /** Messages of the whole chat that are not deleted; about so many where it is not `exact`. */
  readonly count: number
  readonly exact: boolean
  /** Channels. */
  readonly pts: number
}

/** One page of a chat, newest first. */
export async function readPage(mailbox: Mailbox, request: PageRequest): Promise<Page> {
  const { topSeq, count, exact, pts } = await extentOf(mailbox)
  if (topSeq === 0) return { entries: [], count, exact, pts }
  const { low, high, pivot } = await boundsOf(mailbox, topSeq, request)
  const window = windowAround(request.addOffset, clampLimit(request.limit))
  const newer =
    window.newerTake === 0
      ? []
      : await liveEntries(mailbox, ascending(pivot, high), window.newerSkip, window.newerTake)
  const older =
    window.olderTake === 0
      ? []
      : await liveEntries(mailbox, descending(low, pivot - 1), window.olderSkip, window.olderTake)
  return { entries: [...newer.reverse(), ...older], count, exact, pts }
}

const ascending = (from: number, to: number) => ({ from, to, descending: false })
const descending = (from: number, to: number) => ({ from, to, descending: true })
