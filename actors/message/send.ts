import {
  type MailboxMessage,
  type MessageSent,
  type MessageSeq,
  peerIdOf,
  type RecordHeader,
  SERVICE_USER_ID,
  type SendMessage,
  type SendRepeated,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  blocked,
  chats,
  type Mutation,
  messages,
  type RowRef,
  sentRandomIds,
  users,
} from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { filesColumn, holdFiles } from './files.ts'
import { keptMessage, keptMessageRefs } from './keepers.ts'
import { fanOut } from './mailbox.ts'
import { membersOf, withMailbox } from './members.ts'

const peerIdInvalid = { rejected: { code: 400, message: 'PEER_ID_INVALID' } } as const
const userIsBlocked = { rejected: { code: 400, message: 'USER_IS_BLOCKED' } } as const
const youBlockedUser = { rejected: { code: 400, message: 'YOU_BLOCKED_USER' } } as const

export function needsOfSend(command: SendMessage): RowRef[] {
  const { chatId, senderId, randomId, replyToSeq } = command
  const refs: RowRef[] = [
    { table: chats, key: { chatId } },
    { table: sentRandomIds, key: { chatId, senderId, randomId } },
  ]
  for (const other of membersOf(chatId) ?? []) {
    if (other === senderId) continue
    refs.push({ table: users, key: { userId: other } })
    refs.push({ table: blocked, key: { userId: other, peerId: senderId } })
    refs.push({ table: blocked, key: { userId: senderId, peerId: other } })
  }
  if (replyToSeq !== null) refs.push(...keptMessageRefs(chatId, replyToSeq))
  return refs
}

/**
 * The same (sender, random id) again is the same message. A reply to what the sender does not have becomes a message
 * without a reply. Rejects with PEER_ID_INVALID, USER_IS_BLOCKED (by the recipient), YOU_BLOCKED_USER.
 */
export function decideSend(rows: Rows, command: SendMessage, at: At): Decision<MessageSent | SendRepeated> {
  const { chatId, senderId, randomId } = command
  const earlier = rows.get(sentRandomIds, { chatId, senderId, randomId })
  if (earlier !== undefined) {
    const seq = earlier.seq as MessageSeq
    return { events: [{ type: 'SendRepeated', chatId, seq, senderId, randomId }] }
  }
  const members = membersOf(chatId) ?? []
  return refusal(rows, senderId, members) ?? { events: [sent(rows, command, members, at)] }
}

function refusal(rows: Rows, senderId: UserId, members: readonly UserId[]) {
  if (!members.includes(senderId)) return peerIdInvalid
  if (members.length === 1 && senderId === SERVICE_USER_ID) return peerIdInvalid
  for (const other of members) {
    if (other === senderId) continue
    if (rows.get(users, { userId: other }) === undefined) return peerIdInvalid
    if (senderId === SERVICE_USER_ID) continue
    if (rows.get(blocked, { userId: other, peerId: senderId }) !== undefined) return userIsBlocked
    if (rows.get(blocked, { userId: senderId, peerId: other }) !== undefined) return youBlockedUser
  }
  return undefined
}

function sent(rows: Rows, command: SendMessage, members: readonly UserId[], at: At): MessageSent {
  const { chatId, senderId, randomId, sealed, silent, extra, words } = command
  const chat = rows.get(chats, { chatId })
  const lastSeq = chat?.lastSeq ?? 0
  return {
    type: 'MessageSent',
    chatId,
    seq: (lastSeq + 1) as MessageSeq,
    senderId,
    date: at.date,
    randomId,
    sealed,
    replyToSeq: existingReply(rows, command),
    silent,
    members: withMailbox(members),
    lastOtherSeq: (chat?.lastSenderId === senderId ? (chat.lastOtherSeq ?? 0) : lastSeq) as MessageSeq,
    extra,
    words,
    pts: 0,
    expiresAt: 0,
  }
}

function existingReply(rows: Rows, command: SendMessage): MessageSeq | null {
  const { chatId, senderId, replyToSeq } = command
  if (replyToSeq === null) return null
  return keptMessage(rows, chatId, replyToSeq, senderId) === undefined ? null : replyToSeq
}

export function projectSent(event: MessageSent): Mutation[] {
  const { chatId, seq, senderId, date, randomId, sealed, replyToSeq, silent, members, lastOtherSeq } = event
  const files = filesColumn(event.extra)
  return [
    {
      kind: 'upsert',
      table: messages,
      row: { chatId, seq, senderId, randomId, date, editDate: 0, silent, replyToSeq, members, sealed, files },
    },
    { kind: 'upsert', table: sentRandomIds, row: { chatId, senderId, randomId, seq } },
    { kind: 'upsert', table: chats, row: { chatId, lastSeq: seq, lastSenderId: senderId, lastOtherSeq } },
  ]
}

export function reactToSent(event: MessageSent, header: RecordHeader): Reaction[] {
  const delivered = fanOut(event.members, event.senderId, header, (userId) => deliveredTo(event, userId))
  return event.extra === null ? delivered : [...delivered, ...holdFiles(event)]
}

function deliveredTo(event: MessageSent, userId: UserId): MailboxMessage {
  const { chatId, seq, senderId, date, silent, replyToSeq, sealed } = event
  return {
    type: 'MailboxMessage',
    userId,
    peerId: peerIdOf(userId, chatId),
    chatId,
    seq,
    senderId,
    date,
    out: userId === senderId,
    silent,
    replyToSeq,
    sealed,
    mentioned: false,
    expiresAt: event.expiresAt,
  }
}

export function reactToRepeated(event: SendRepeated, header: RecordHeader): Reaction[] {
  const { chatId, seq, senderId } = event
  return fanOut(withMailbox([senderId]), senderId, header, (userId) => ({
    type: 'MailboxRepeated',
    userId,
    peerId: peerIdOf(userId, chatId),
    seq,
  }))
}
