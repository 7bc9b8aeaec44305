import {
  type ChatKind,
  chatKindOf,
  type MailboxMessage,
  type MessageSent,
  type MessageSeq,
  type PeerId,
  peerIdOf,
  peerIdOfChat,
  type RecordHeader,
  type SendRepeated,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  chats,
  lastSends,
  type Mutation,
  type RowOf,
  sentRandomIds,
  unreadMentions,
} from '@heliograph/storage'
import { projectPoll } from '../poll/state.ts'
import type { Reaction } from '../runtime/decider.ts'
import { expiry, setAlarm } from '../schedule/alarms.ts'
import { copyToDiscussion, projectCopy } from '../thread/discussed.ts'
import { projectReply } from '../thread/state.ts'
import { channelAnswer, projectMove, tellChannel } from './channel.ts'
import { holdFiles } from './files.ts'
import { fanOut } from './mailbox.ts'
import { withMailbox } from './members.ts'
import { messageRow } from './stored.ts'

/** The place of the next message: its seq, and the last earlier one by anybody but its sender. */
export function nextPlace(
  chat: RowOf<typeof chats> | undefined,
  senderId: UserId,
): Pick<MessageSent, 'seq' | 'lastOtherSeq'> {
  const lastSeq = chat?.lastSeq ?? 0
  const lastOtherSeq = chat?.lastSenderId === senderId ? (chat.lastOtherSeq ?? 0) : lastSeq
  return { seq: (lastSeq + 1) as MessageSeq, lastOtherSeq: lastOtherSeq as MessageSeq }
}

export function projectSent(event: MessageSent): Mutation[] {
  const kind = chatKindOf(event.chatId)
  const { chatId, senderId, randomId, seq } = event
  const row = { chatId, senderId, randomId, seq }
  const rows: Mutation[] = [
    messageRow(event, 0),
    {
      kind: 'upsert',
      table: sentRandomIds,
      row: kind === 'channel' ? { ...row, date: event.date } : row,
    },
    ...counted(event, kind),
  ]
  rows.push(...projectPoll(event))
  if (event.slowed) rows.push(slowed(event))
  if (event.expiresAt !== 0) rows.push(setAlarm(expiry(chatId, seq, event.expiresAt)))
  if (event.thread) rows.push(...projectReply(chatId, event.thread, seq, senderId))
  if (event.extra !== null && event.extra.copyOf !== null) rows.push(...projectCopy(event))
  for (const userId of event.mentioned ?? []) {
    rows.push({ kind: 'upsert', table: unreadMentions, row: { userId, chatId, seq } })
  }
  return rows
}

function counted(event: MessageSent, kind: ChatKind): Mutation[] {
  const { chatId, seq, senderId, lastOtherSeq, pts, date } = event
  const counts = { lastSeq: seq, lastSenderId: senderId, lastOtherSeq }
  if (kind === 'channel') return projectMove({ chatId, kind: 'message', pts, ptsCount: 1, date, seq }, counts)
  if (kind === 'private')
    return [{ kind: 'upsert', table: chats, row: { chatId, ...counts, ...timerOf(event) } }]
  const row = { chatId, ...counts, awaiting: event.awaiting ?? [] }
  return [{ kind: 'upsert', table: chats, row }]
}

/** Each message of a private chat carries on what the chat's timer is: how long it lives itself. */
function timerOf({ date, expiresAt }: MessageSent): { ttlSeconds?: number } {
  return expiresAt === 0 ? {} : { ttlSeconds: expiresAt - date }
}

function slowed({ chatId, senderId, date, extra }: MessageSent): Mutation {
  const groupedId = extra?.groupedId ?? null
  return { kind: 'upsert', table: lastSends, row: { chatId, userId: senderId, date, groupedId } }
}

export function reactToSent(event: MessageSent, header: RecordHeader): Reaction[] {
  const to = event.answers === false ? { ...header, reply: null } : header
  const told = chatKindOf(event.chatId) === 'channel' ? toldInChannel(event, to) : delivered(event, to)
  if (event.extra === null) return told
  return [...told, ...holdFiles(event), ...copyToDiscussion(event)]
}

function toldInChannel(event: MessageSent, header: RecordHeader): Reaction[] {
  const { chatId, pts, date, seq } = event
  return tellChannel({ chatId, kind: 'message', pts, ptsCount: 1, date, seq }, header, {
    senderId: event.senderId,
    silent: event.silent,
    messageDate: date,
    replyToSeq: event.replyToSeq,
    sealed: event.sealed,
    extra: event.extra,
    expiresAt: event.expiresAt,
    userIds: event.mentioned ?? [],
  })
}

function delivered(event: MessageSent, header: RecordHeader): Reaction[] {
  const { chatId, members, senderId } = event
  if (chatKindOf(chatId) === 'private') {
    return fanOut(members, senderId, header, (userId) => deliveredTo(event, userId, peerIdOf(userId, chatId)))
  }
  const peerId = peerIdOfChat(chatId)
  return fanOut(members, senderId, header, (userId) => deliveredTo(event, userId, peerId))
}

function deliveredTo(event: MessageSent, userId: UserId, peerId: PeerId): MailboxMessage {
  const { chatId, seq, senderId, date, silent, replyToSeq, sealed, mentioned, returned } = event
  const record: MailboxMessage = {
    type: 'MailboxMessage',
    userId,
    peerId,
    chatId,
    seq,
    senderId,
    date,
    out: userId === senderId,
    silent,
    replyToSeq,
    sealed,
    mentioned: mentioned?.includes(userId) ?? false,
    expiresAt: event.expiresAt,
  }
  if (returned === undefined || returned.length === 0) return record
  const previousSeq = returned.find((member) => member.userId === userId)?.previousSeq ?? null
  return previousSeq === null ? record : { ...record, previousSeq }
}

export function reactToRepeated(event: SendRepeated, header: RecordHeader): Reaction[] {
  const { chatId, seq, senderId, date = 0, pts = 0 } = event
  if (chatKindOf(chatId) === 'channel') {
    return header.reply === null ? [] : [channelAnswer(header.reply, { seq, date, pts, ptsCount: 0 })]
  }
  return fanOut(withMailbox([senderId]), senderId, header, (userId) => ({
    type: 'MailboxRepeated',
    userId,
    peerId: peerIdOf(userId, chatId),
    seq,
  }))
}
