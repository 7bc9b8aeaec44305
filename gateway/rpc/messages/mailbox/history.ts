import {
  type ChatId,
  chatIdOf,
  GENERAL_TOPIC,
  isChannelPeer,
  type MessageSeq,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  dialogs,
  mailboxHistory,
  mailboxMessages,
  messages,
  type RowOf,
  type Tables,
  threadMessages,
  topics,
} from '@heliograph/storage'

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
  /** The message's own row, where it was read with the entry: always in channels. */
  readonly row?: MessageRow
}

export type MessageRow = RowOf<typeof messages>

/** A user's chat with one peer: private chats and basic groups by its mailbox, channels by the one history that they have. */
export interface Mailbox {
  readonly tables: Tables
  readonly userId: UserId
  readonly peerId: PeerId
  /** Channels: what is at or below it is hidden from the user. */
  readonly floorSeq?: number
  /** Channels: only what is in the thread with this first message; `GENERAL_TOPIC` is what is in none. */
  readonly threadSeq?: number
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

/** A message of a channel: its id is its seq, and only live ones have a row. */
export function channelEntry(viewer: UserId, peerId: PeerId, row: MessageRow): HistoryEntry {
  const senderId = row.senderId as UserId
  return {
    peerId,
    seq: row.seq as MessageSeq,
    msgId: row.seq ?? 0,
    senderId,
    out: senderId === viewer,
    date: row.date ?? 0,
    replyToMsgId: row.replyToSeq ?? 0,
    deleted: false,
    row,
  }
}

/** Undefined where the two never wrote to each other; channels have none. */
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

/** All messages of a range, deleted ones as well as far as they have left a trace, at most `limit`. */
export async function entries(mailbox: Mailbox, range: SeqRange, limit: number): Promise<HistoryEntry[]> {
  const { tables, userId, peerId } = mailbox
  if (!isChannelPeer(peerId)) {
    const rows = await tables.range(mailboxHistory, { userId, peerId }, { ...range, limit })
    return rows.map(entryOf)
  }
  const from = Math.max(range.from, (mailbox.floorSeq ?? 0) + 1)
  if (from > range.to) return []
  const chatId = chatIdOf(userId, peerId)
  if (mailbox.threadSeq !== undefined && mailbox.threadSeq !== GENERAL_TOPIC)
    return threadEntries(mailbox, mailbox.threadSeq, { ...range, from }, limit)
  const rows = await tables.range(messages, { chatId }, { ...range, from, limit })
  if (mailbox.threadSeq === undefined) return rows.map((row) => channelEntry(userId, peerId, row))
  const firsts = await firstOfTopics(tables, chatId, rows)
  return rows.map((row) => ({
    ...channelEntry(userId, peerId, row),
    deleted: row.threadSeq !== null || firsts.has(row.seq!),
  }))
}

/** Of messages in no thread, those which tell of a new topic: they stand in it. */
async function firstOfTopics(
  tables: Tables,
  chatId: ChatId,
  rows: readonly MessageRow[],
): Promise<Set<number>> {
  const told = rows.filter(({ service, threadSeq }) => service === true && threadSeq === null)
  const refs = told.map(({ seq }) => ({ table: topics, key: { chatId, topSeq: seq! } }))
  const found = refs.length === 0 ? [] : await tables.getMany(refs)
  return new Set(
    told.flatMap(({ seq }, i) => (found[i] === undefined || seq === GENERAL_TOPIC ? [] : [seq!])),
  )
}

/** Messages of one thread; one whose row is not there yet, or not any more, counts as deleted. */
async function threadEntries(
  { tables, userId, peerId }: Mailbox,
  topSeq: number,
  range: SeqRange,
  limit: number,
): Promise<HistoryEntry[]> {
  const chatId = chatIdOf(userId, peerId)
  const places = await tables.range(threadMessages, { chatId, topSeq }, { ...range, limit })
  const rows = await tables.getMany(
    places.map(({ seq }) => ({ table: messages, key: { chatId, seq: seq! } })),
  )
  return places.map(({ seq, senderId }, index) => {
    const row = rows[index] as MessageRow | undefined
    if (row !== undefined) return channelEntry(userId, peerId, row)
    const place = { peerId, seq: seq as MessageSeq, msgId: seq!, senderId: senderId as UserId }
    return { ...place, out: senderId === userId, date: 0, replyToMsgId: 0, deleted: true }
  })
}

/** Clients mean all messages by the greatest id that there can be; what asks for those behind it stands beyond the last. */
const MAX_MESSAGE_ID = 2 ** 31 - 1

/**
 * The lowest seq of the chat whose message id is at least `msgId`; `topSeq + 1` where all are lower. Ids of other chats and
 * unknown ids are fine: within one chat ids grow with seq, so the place is found by bisection. In channels they are the same.
 */
export async function seqFromId(mailbox: Mailbox, topSeq: number, msgId: number): Promise<number> {
  const { tables, userId, peerId } = mailbox
  if (isChannelPeer(peerId)) return Math.max(1, Math.min(topSeq + 1, msgId))
  if (msgId > MAX_MESSAGE_ID) return topSeq + 1
  const place = await tables.get(mailboxMessages, { userId, msgId })
  if (place !== undefined && place.peerId === peerId) return place.seq!
  return firstSeq(mailbox, topSeq, (entry) => entry.msgId >= msgId)
}

/**
 * The seq of the last message of the chat, deleted or not, that the user has got and whose id is at most `msgId`; 0 where there is none. Between
 * two that it has got lies what was said in a basic group while it was out of it.
 */
export async function lastSeqUpTo(mailbox: Mailbox, topSeq: number, msgId: number): Promise<number> {
  const { tables, userId, peerId } = mailbox
  const place = await tables.get(mailboxMessages, { userId, msgId })
  if (place !== undefined && place.peerId === peerId) return place.seq!
  const to = (await seqFromId(mailbox, topSeq, msgId + 1)) - 1
  const [last] = await entries(mailbox, { from: 1, to, descending: true }, 1)
  return last?.seq ?? 0
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
