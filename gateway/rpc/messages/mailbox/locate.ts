import { chatIdOf, isChannelPeer, type PeerId, type UserId } from '@heliograph/schemas/avro'
import { mailboxHistory, mailboxMessages, messages, type RowOf, type Tables } from '@heliograph/storage'
import {
  channelEntry,
  type DialogRow,
  entryOf,
  type HistoryEntry,
  type Mailbox,
  type MessageRow,
} from './history.ts'

/**
 * The messages that a user has under these ids in private chats and basic groups, in order; undefined for unknown and deleted
 * ones.
 * @param ids the user's own message ids, at most a few hundred
 */
export async function locate(
  tables: Tables,
  userId: UserId,
  ids: readonly number[],
): Promise<(HistoryEntry | undefined)[]> {
  const places = await tables.getMany(
    ids.map((msgId) => ({ table: mailboxMessages, key: { userId, msgId } })),
  )
  const known = places.filter((place) => place !== undefined) as RowOf<typeof mailboxMessages>[]
  const rows = await tables.getMany(
    known.map(({ peerId, seq }) => ({ table: mailboxHistory, key: { userId, peerId: peerId!, seq: seq! } })),
  )
  let next = 0
  return places.map((place) => {
    if (place === undefined) return undefined
    const row = rows[next++] as RowOf<typeof mailboxHistory> | undefined
    return row === undefined || row.deleted === true ? undefined : entryOf(row)
  })
}

/** The messages of one chat, of any kind, under these ids of the user's, in order; undefined for what it does not see there. */
export async function locateIn(
  mailbox: Mailbox,
  ids: readonly number[],
): Promise<(HistoryEntry | undefined)[]> {
  const { tables, userId, peerId } = mailbox
  if (isChannelPeer(peerId)) return locateInChannel(mailbox, ids)
  const found = await locate(tables, userId, ids)
  return found.map((entry) => (entry?.peerId === peerId ? entry : undefined))
}

async function locateInChannel(
  { tables, userId, peerId, floorSeq = 0 }: Mailbox,
  ids: readonly number[],
): Promise<(HistoryEntry | undefined)[]> {
  const chatId = chatIdOf(userId, peerId)
  const visible = ids.filter((seq) => seq > floorSeq)
  const rows = await tables.getMany(visible.map((seq) => ({ table: messages, key: { chatId, seq } })))
  let next = 0
  return ids.map((seq) => {
    const row = seq > floorSeq ? (rows[next++] as MessageRow | undefined) : undefined
    return row && channelEntry(userId, peerId, row)
  })
}

/** One message of a chat, as `locateIn`. */
export async function locateOneIn(mailbox: Mailbox, msgId: number): Promise<HistoryEntry | undefined> {
  if (isChannelPeer(mailbox.peerId)) return (await locateInChannel(mailbox, [msgId]))[0]
  const entry = await locateOne(mailbox.tables, mailbox.userId, msgId)
  return entry?.peerId === mailbox.peerId ? entry : undefined
}

/** One message, as `locate`. */
export async function locateOne(
  tables: Tables,
  userId: UserId,
  msgId: number,
): Promise<HistoryEntry | undefined> {
  const place = await tables.get(mailboxMessages, { userId, msgId })
  if (place === undefined) return undefined
  const row = await tables.get(mailboxHistory, { userId, peerId: place.peerId!, seq: place.seq! })
  return row === undefined || row.deleted === true ? undefined : entryOf(row)
}

/** The last message ever of each dialog, deleted or not, in order. */
export async function locateTops(
  tables: Tables,
  userId: UserId,
  dialogRows: readonly DialogRow[],
): Promise<(HistoryEntry | undefined)[]> {
  const rows = await tables.getMany(
    dialogRows.map(({ peerId, topSeq }) => ({
      table: mailboxHistory,
      key: { userId, peerId: peerId!, seq: topSeq! },
    })),
  )
  return rows.map((row) => row && entryOf(row as RowOf<typeof mailboxHistory>))
}

/** The last message of each channel that is there, in order; undefined where its last one has been deleted. */
export async function locateChannelTops(
  tables: Tables,
  userId: UserId,
  channels: readonly { readonly peerId: PeerId; readonly topSeq: number }[],
): Promise<(HistoryEntry | undefined)[]> {
  const rows = await tables.getMany(
    channels.map(({ peerId, topSeq }) => ({
      table: messages,
      key: { chatId: chatIdOf(userId, peerId), seq: topSeq },
    })),
  )
  return rows.map((row, index) => row && channelEntry(userId, channels[index]!.peerId, row as MessageRow))
}
