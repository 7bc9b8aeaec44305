import type { MessageSeq, PeerId, UserId } from '@heliograph/schemas/avro'
import { dialogs, mailboxHistory, mailboxMessages, type RowOf, type Tables } from '@heliograph/storage'

/** One message of a chat as one user has it. */
export interface HistoryEntry {
  readonly peerId: PeerId
  readonly seq: MessageSeq
  readonly msgId: number
  readonly senderId: UserId
  readonly out: boolean
  readonly date: number
  /** 0 none */
  readonly replyToMsgId: number
  readonly deleted: boolean
}

/** A user's chat with one peer. */
export interface Mailbox {
  readonly tables: Tables
  readonly userId: UserId
  readonly peerId: PeerId
}

/** Seqs in reading direction; both ends inclusive. */
export interface SeqRange {
  readonly from: number
  readonly to: number
  readonly descending: boolean
}

/** Rows that one call looks at, most of them deleted messages that it steps over. */
const MAX_SCANNED_ROWS = 20_000
const MAX_PAGE_ROWS = 500

export type DialogRow = RowOf<typeof dialogs>

export function entryOf(row: RowOf<typeof mailboxHistory>): HistoryEntry {
  return {
    peerId: row.peerId as PeerId,
    seq: row.seq as MessageSeq,
    msgId: row.msgId ?? 0,
    senderId: row.senderId as UserId,
    out: row.out === true,
    date: row.date ?? 0,
    replyToMsgId: row.replyToMsgId ?? 0,
    deleted: row.deleted === true,
  }
}

/** Undefined where the two never wrote to each other. */
export function dialogOf({ tables, userId, peerId }: Mailbox): Promise<DialogRow | undefined> {
  return tables.get(dialogs, { userId, peerId })
}

/** Messages that are not deleted, in reading direction: `take` of them after skipping `skip`. */
export async function liveEntries(
  mailbox: Mailbox,
  range: SeqRange,
  skip: number,
  take: number,
): Promise<HistoryEntry[]> {
  const found: HistoryEntry[] = []
  let toSkip = skip
  let { from, to } = range
  for (let scanned = 0; scanned < MAX_SCANNED_ROWS && found.length < take && from <= to; ) {
    const limit = Math.min(MAX_PAGE_ROWS, toSkip + take - found.length)
    const page = await entries(mailbox, { from, to, descending: range.descending }, limit)
    for (const entry of page) {
      if (entry.deleted) continue
      if (toSkip > 0) toSkip -= 1
      else found.push(entry)
    }
    if (page.length < limit) break
    scanned += page.length
    const last = page[page.length - 1]!.seq
    if (range.descending) to = last - 1
    else from = last + 1
  }
  return found
}

/** All messages of a range, deleted ones as well, at most `limit`. */
export async function entries(mailbox: Mailbox, range: SeqRange, limit: number): Promise<HistoryEntry[]> {
  const { userId, peerId } = mailbox
  const rows = await mailbox.tables.range(mailboxHistory, { userId, peerId }, { ...range, limit })
  return rows.map(entryOf)
}

/** The message under a seq, deleted or not. */
export async function entryAt(mailbox: Mailbox, seq: number): Promise<HistoryEntry | undefined> {
  const { userId, peerId } = mailbox
  const row = await mailbox.tables.get(mailboxHistory, { userId, peerId, seq })
  return row && entryOf(row)
}

/**
 * The lowest seq of the chat whose message id is at least `msgId`; `topSeq + 1` where all are lower. Ids of other chats and
 * unknown ids are fine: within one chat ids grow with seq, so the place is found by bisection.
 */
export async function seqFromId(mailbox: Mailbox, topSeq: number, msgId: number): Promise<number> {
  const { tables, userId, peerId } = mailbox
  const place = await tables.get(mailboxMessages, { userId, msgId })
  if (place !== undefined && place.peerId === peerId) return place.seq!
  return firstSeq(mailbox, topSeq, (entry) => entry.msgId >= msgId)
}

/** The lowest seq whose message is of `date` (Unix seconds) or later. */
export function seqFromDate(mailbox: Mailbox, topSeq: number, date: number): Promise<number> {
  return firstSeq(mailbox, topSeq, (entry) => entry.date >= date)
}

/** The first seq from which on `holds` is true, given that it never becomes false again. */
async function firstSeq(
  mailbox: Mailbox,
  topSeq: number,
  holds: (entry: HistoryEntry) => boolean,
): Promise<number> {
  let low = 1
  let high = topSeq + 1
  while (low < high) {
    const middle = (low + high) >> 1
    const [entry] = await entries(mailbox, { from: middle, to: high - 1, descending: false }, 1)
    if (entry === undefined || holds(entry)) high = middle
    else low = entry.seq + 1
  }
  return low
}
