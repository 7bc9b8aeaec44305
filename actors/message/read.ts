import {
  type HistoryRead,
  type MessageSeq,
  peerIdOf,
  type ReadHistory,
  type RecordHeader,
  type UserId,
} from '@heliograph/schemas/avro'
import { chatReads, chats, type Mutation, type RowOf, type RowRef } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { fanOut } from './mailbox.ts'
import { isMember, membersOf, withMailbox } from './members.ts'

const peerIdInvalid = { rejected: { code: 400, message: 'PEER_ID_INVALID' } } as const

export function needsOfRead(command: ReadHistory): RowRef[] {
  const { chatId, readerId } = command
  return [
    { table: chats, key: { chatId } },
    { table: chatReads, key: { chatId, userId: readerId } },
  ]
}

/**
 * Reading only goes forward, at most to the last message. No event where all that others wrote has been read already, or
 * `upToSeq` is not beyond what was read. Rejects with PEER_ID_INVALID who is no member.
 */
export function decideRead(rows: Rows, command: ReadHistory, at: At): Decision<HistoryRead> {
  const { chatId, readerId } = command
  if (!isMember(chatId, readerId)) return peerIdInvalid
  const chat = rows.get(chats, { chatId })
  if (chat === undefined) return { events: [] }
  const before = rows.get(chatReads, { chatId, userId: readerId })?.upToSeq ?? 0
  const upToSeq = Math.min(command.upToSeq, chat.lastSeq ?? 0) as MessageSeq
  if (upToSeq <= before || lastOfOthers(chat, readerId) <= before) return { events: [] }
  const members = withMailbox(membersOf(chatId) ?? [])
  return { events: [{ type: 'HistoryRead', chatId, readerId, upToSeq, date: at.date, members }] }
}

/** Seq of the last message that `readerId` did not write itself; 0 none. */
function lastOfOthers(chat: RowOf<typeof chats>, readerId: UserId): number {
  return (chat.lastSenderId === readerId ? chat.lastOtherSeq : chat.lastSeq) ?? 0
}

export function projectRead(event: HistoryRead): Mutation[] {
  const { chatId, readerId, upToSeq, date } = event
  return [{ kind: 'upsert', table: chatReads, row: { chatId, userId: readerId, upToSeq, date } }]
}

export function reactToRead(event: HistoryRead, header: RecordHeader): Reaction[] {
  const { chatId, readerId, upToSeq, date } = event
  return fanOut(event.members, readerId, header, (userId) => ({
    type: 'MailboxRead',
    userId,
    peerId: peerIdOf(userId, chatId),
    upToSeq,
    out: userId !== readerId,
    date,
  }))
}
