import { type ChatId, chatIdOf, isChannelPeer, type UserId } from '@heliograph/schemas/avro'
import { mailboxHistory, messages, type RowOf } from '@heliograph/storage'
import {
  channelEntry,
  entryOf,
  type HistoryEntry,
  type Mailbox,
  type MessageRow,
} from '../mailbox/history.ts'

/** Some messages, from the newest to the oldest. */
export interface Batch {
  readonly entries: HistoryEntry[]
  /** That they are of the kind which is asked for is known without opening them. */
  readonly isSure: boolean
  /** What had to be looked at for them. */
  readonly scanned: number
}

/** Hands out messages in which a search may find something; undefined at the end. */
export type Source = (limit: number) => Promise<Batch | undefined>

/** The messages that a user has at these seqs of a chat, in order; those that it has not are left out. */
export async function entriesAt(mailbox: Mailbox, seqs: readonly number[]): Promise<HistoryEntry[]> {
  const { tables, userId, peerId, floorSeq = 0 } = mailbox
  if (!isChannelPeer(peerId)) {
    const refs = seqs.map((seq) => ({ table: mailboxHistory, key: { userId, peerId, seq } }))
    const rows = (await tables.getMany(refs)) as (RowOf<typeof mailboxHistory> | undefined)[]
    return rows.flatMap((row) => (row === undefined || row.deleted === true ? [] : [entryOf(row)]))
  }
  const chatId: ChatId = chatIdOf(userId as UserId, peerId)
  const visible = seqs.filter((seq) => seq > floorSeq)
  const rows = await tables.getMany(visible.map((seq) => ({ table: messages, key: { chatId, seq } })))
  return (rows as (MessageRow | undefined)[]).flatMap((row) =>
    row === undefined ? [] : [channelEntry(userId, peerId, row)],
  )
}
