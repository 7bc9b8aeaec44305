import {
  chatKindOf,
  type HistoryRead,
  type MessageSeq,
  peerIdOf,
  type ReadHistory,
  type RecordHeader,
  type UserId,
} from '@heliograph/schemas/avro'
import { channelReads, chatReads, chats, type Mutation, type RowOf, type RowRef } from '@heliograph/storage'
import { outsider } from '../chat/rights.ts'
import { chatInfoOf, chatRefs, memberOf } from '../chat/state.ts'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { marksAfter, marksOf, marksUpsert, readOf } from './awaiting.ts'
import { fanOut } from './mailbox.ts'
import { isMember, membersOf, unknown, withMailbox } from './members.ts'
import { noteRefs, toldOfRead } from './sign-up.ts'

const peerIdInvalid = { rejected: { code: 400, message: 'PEER_ID_INVALID' } } as const

export function needsOfRead(command: ReadHistory): RowRef[] {
  const { chatId, readerId } = command
  const refs: RowRef[] = [
    { table: chats, key: { chatId } },
    { table: chatReads, key: { chatId, userId: readerId } },
  ]
  if (chatKindOf(chatId) !== 'group') return [...refs, ...noteRefs(command)]
  return [...refs, ...chatRefs(chatId, readerId), { table: channelReads, key: { chatId } }]
}

/**
 * Reading only goes forward, at most to the last message. No event where all that others wrote has been read already, or
 * `upToSeq` is not beyond what was read. Rejects with PEER_ID_INVALID who is no member of a private chat, as `outsider` says
 * who never was one of a group, and with CHANNEL_INVALID for channels, where everybody's mark is its own.
 */
export function decideRead(rows: Rows, command: ReadHistory, at: At): Decision<HistoryRead> {
  const { chatId, readerId } = command
  const kind = chatKindOf(chatId)
  if (kind === 'channel') return unknown(chatId)
  if (kind === 'group') return decideGroupRead(rows, command, at)
  if (!isMember(chatId, readerId)) return peerIdInvalid
  const chat = rows.get(chats, { chatId })
  if (chat === undefined) return { events: [] }
  const upToSeq = Math.min(command.upToSeq, chat.lastSeq ?? 0) as MessageSeq
  if (!isFurther(rows, chat, readerId, upToSeq)) return { events: [] }
  const members = withMailbox(toldOfRead(rows, command, membersOf(chatId) ?? []))
  return { events: [{ type: 'HistoryRead', chatId, readerId, upToSeq, date: at.date, members }] }
}

function isFurther(rows: Rows, chat: RowOf<typeof chats>, readerId: UserId, upToSeq: MessageSeq): boolean {
  const before = rows.get(chatReads, { chatId: String(chat.chatId), userId: readerId })?.upToSeq ?? 0
  return upToSeq > before && lastOfOthers(chat, readerId) > before
}

/** Seq of the last message that `readerId` did not write itself; 0 none. */
function lastOfOthers(chat: RowOf<typeof chats>, readerId: UserId): number {
  return (chat.lastSenderId === readerId ? chat.lastOtherSeq : chat.lastSeq) ?? 0
}

/** Who has left reads on for itself. `upToSeq` is a message that the reader has got, as its mailbox says. */
function decideGroupRead(rows: Rows, command: ReadHistory, at: At): Decision<HistoryRead> {
  const { chatId, readerId, upToSeq } = command
  const info = chatInfoOf(rows, chatId)
  if (info === undefined) return unknown(chatId)
  const member = memberOf(rows, chatId, readerId)
  if (member === undefined) return { rejected: outsider(info, member, at.date) }
  const chat = rows.get(chats, { chatId })
  if (chat === undefined || upToSeq > (chat.lastSeq ?? 0)) return { events: [] }
  if (!isFurther(rows, chat, readerId, upToSeq)) return { events: [] }
  const event: HistoryRead = {
    type: 'HistoryRead',
    chatId,
    readerId,
    upToSeq,
    date: at.date,
    members: [readerId],
  }
  if (!member.isIn) return { events: [event] }
  const marks = marksOf(rows, chatId)
  const told = readOf(chat.awaiting ?? [], marks, readerId, upToSeq, info.members)
  const after = marksAfter(marks, readerId, upToSeq)
  return { events: [{ ...event, members: [readerId, ...withMailbox(told)], marks: after }] }
}

export function projectRead(event: HistoryRead): Mutation[] {
  const { chatId, readerId, upToSeq, date, marks } = event
  const row = { chatId, userId: readerId, upToSeq, date }
  const read: Mutation = { kind: 'upsert', table: chatReads, row }
  return marks === undefined || marks === null ? [read] : [read, marksUpsert(chatId, marks)]
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
