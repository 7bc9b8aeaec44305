import {
  chatKindOf,
  type MessageSent,
  type MessageSeq,
  type MessagesPinned,
  SERVICE_USER_ID,
  type SendMessage,
  type SendRepeated,
  type UserId,
} from '@heliograph/schemas/avro'
import { blocked, chats, type RowRef, sentRandomIds, users } from '@heliograph/storage'
import { startingPoll } from '../poll/state.ts'
import type { At, Decision, Rows } from '../runtime/decider.ts'
import { ptsOf } from './channel.ts'
import { keptMessage, keptMessageRefs } from './keepers.ts'
import { membersOf, withMailbox } from './members.ts'
import { needsOfPublicSend, sendToChannel, sendToGroup } from './send-public.ts'
import { nextPlace } from './sent.ts'
import { isSignUp, notFirst, recipientsOf } from './sign-up.ts'

const peerIdInvalid = { rejected: { code: 400, message: 'PEER_ID_INVALID' } } as const
const userIsBlocked = { rejected: { code: 400, message: 'USER_IS_BLOCKED' } } as const
const youBlockedUser = { rejected: { code: 400, message: 'YOU_BLOCKED_USER' } } as const

export function needsOfSend(command: SendMessage): RowRef[] {
  const { chatId, senderId, randomId, replyToSeq } = command
  const refs: RowRef[] = [
    { table: chats, key: { chatId } },
    { table: sentRandomIds, key: { chatId, senderId, randomId } },
  ]
  if (chatKindOf(chatId) === 'private') {
    for (const other of membersOf(chatId) ?? []) refs.push(...blockRefs(senderId, other))
  } else refs.push(...needsOfPublicSend(command))
  if (replyToSeq !== null) refs.push(...keptMessageRefs(chatId, replyToSeq))
  return refs
}

/** What `refusalAmong` looks at of another member. */
export function blockRefs(senderId: UserId, other: UserId): RowRef[] {
  if (other === senderId) return []
  return [
    { table: users, key: { userId: other } },
    { table: blocked, key: { userId: other, peerId: senderId } },
    { table: blocked, key: { userId: senderId, peerId: other } },
  ]
}

/**
 * The same (sender, random id) again is the same message. A reply to what the sender does not have becomes a message
 * without a reply. Rejects in private chats with PEER_ID_INVALID, USER_IS_BLOCKED (by the recipient), YOU_BLOCKED_USER, elsewhere
 * with what `maySend` says, CHAT_ID_INVALID, CHANNEL_PRIVATE, SEND_AS_PEER_INVALID, SLOWMODE_WAIT_… A note of a sign-up is refused
 * where the two have written to each other already.
 */
export function decideSend(
  rows: Rows,
  given: SendMessage,
  at: At,
): Decision<MessageSent | SendRepeated | MessagesPinned> {
  const command = startingPoll(given, at.date)
  const { chatId, senderId, randomId } = command
  const earlier = rows.get(sentRandomIds, { chatId, senderId, randomId })
  const kind = chatKindOf(chatId)
  if (earlier !== undefined) {
    const seq = earlier.seq as MessageSeq
    const event: SendRepeated = { type: 'SendRepeated', chatId, seq, senderId, randomId }
    if (kind !== 'channel') return { events: [event] }
    return { events: [{ ...event, date: earlier.date ?? 0, pts: ptsOf(rows.get(chats, { chatId })) }] }
  }
  if (kind === 'group') return sendToGroup(rows, command, at)
  if (kind === 'channel') return sendToChannel(rows, command, at)
  const members = membersOf(chatId) ?? []
  if (isSignUp(command) && rows.get(chats, { chatId }) !== undefined) return notFirst
  return refusalAmong(rows, senderId, members) ?? { events: [sent(rows, command, members, at)] }
}

/** Why `senderId` may not write in a private chat, if so. */
export function refusalAmong(rows: Rows, senderId: UserId, members: readonly UserId[]) {
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
  const row = rows.get(chats, { chatId })
  const { seq, lastOtherSeq } = nextPlace(row, senderId)
  const ttlSeconds = row?.ttlSeconds ?? 0
  return {
    type: 'MessageSent',
    chatId,
    seq,
    senderId,
    date: at.date,
    randomId,
    sealed,
    replyToSeq: existingReply(rows, command),
    silent,
    members: withMailbox(recipientsOf(command, members)),
    lastOtherSeq,
    extra,
    words,
    pts: 0,
    expiresAt: ttlSeconds > 0 ? at.date + ttlSeconds : 0,
  }
}

function existingReply(rows: Rows, command: SendMessage): MessageSeq | null {
  const { chatId, senderId, replyToSeq } = command
  if (replyToSeq === null) return null
  return keptMessage(rows, chatId, replyToSeq, senderId) === undefined ? null : replyToSeq
}
