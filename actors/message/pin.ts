import {
  type ChatInfo,
  chatKindOf,
  MAX_PINNED_PER_COMMAND,
  type MessageSent,
  type MessageSeq,
  type MessagesPinned,
  type PinMessages,
  type PinnedMessage,
  type UserId,
} from '@heliograph/schemas/avro'
import { chats, pinnedMessages, type RowRef } from '@heliograph/storage'
import { mayPin, outsider } from '../chat/rights.ts'
import { chatRefs, memberOf } from '../chat/state.ts'
import type { At, Decision, Rejection, Rows } from '../runtime/decider.ts'
import { movedBy } from './channel.ts'
import { keptMessage, keptMessageRefs } from './keepers.ts'
import { loggedAs } from './log.ts'
import { isMember, membersOf, openChat, unknown } from './members.ts'
import { blockRefs, refusalAmong } from './send.ts'
import { serviceMessage, serviceRefs } from './service.ts'

const limitInvalid: Rejection = { code: 400, message: 'LIMIT_INVALID' }
const peerIdInvalid: Rejection = { code: 400, message: 'PEER_ID_INVALID' }
const pinRestricted: Rejection = { code: 400, message: 'PIN_RESTRICTED' }
const adminRequired: Rejection = { code: 400, message: 'CHAT_ADMIN_REQUIRED' }
const messageIdInvalid: Rejection = { code: 400, message: 'MESSAGE_ID_INVALID' }
const notModified: Rejection = { code: 400, message: 'CHAT_NOT_MODIFIED' }

/** What pinning looks at of the chat: the members of a private one or basic group, and how it counts. */
type Place = Pick<ChatInfo, 'members' | 'ttlSeconds'> & { readonly kind: ChatInfo['kind'] | 'private' }

export function needsOfPin({ chatId, userId, seqs }: PinMessages): RowRef[] {
  if (seqs.length > MAX_PINNED_PER_COMMAND) return []
  const refs = serviceRefs(chatId)
  for (const seq of seqs) {
    refs.push(...keptMessageRefs(chatId, seq), { table: pinnedMessages, key: { chatId, seq } })
  }
  if (chatKindOf(chatId) !== 'private') refs.push(...chatRefs(chatId, userId))
  else for (const other of membersOf(chatId) ?? []) refs.push(...blockRefs(userId, other))
  return refs
}

/**
 * Pins or unpins those messages that are not so yet; with a service message where the command brings one. Rejects with
 * LIMIT_INVALID, PEER_ID_INVALID, PIN_RESTRICTED (blocked), CHAT_ADMIN_REQUIRED, MESSAGE_ID_INVALID (a message that the user does
 * not have), CHAT_NOT_MODIFIED, and outsiders as `outsider` says.
 */
export function decidePin(rows: Rows, command: PinMessages, at: At): Decision<MessagesPinned | MessageSent> {
  const { chatId, userId, seqs, pinned, oneSide } = command
  if (seqs.length > MAX_PINNED_PER_COMMAND) return { rejected: limitInvalid }
  const place = placeOf(rows, command, at)
  if ('rejected' in place) return place
  const kept = [...new Set(seqs)].map((seq) => ({ seq, message: keptMessage(rows, chatId, seq, userId) }))
  if (kept.some(({ message }) => message === undefined || message.row.service === true)) {
    return { rejected: messageIdInvalid }
  }
  const messages = kept.flatMap(({ seq, message }) => changed(rows, command, place, seq, message!.keptBy))
  if (messages.length === 0) return { rejected: notModified }
  const isTold = pinned && !oneSide && command.service !== null
  const event: MessagesPinned = {
    type: 'MessagesPinned',
    chatId,
    byUserId: userId,
    messages,
    pinned,
    date: at.date,
    pts: 0,
    answers: !isTold,
    ...loggedAs(command.log, at),
  }
  if (chatKindOf(chatId) === 'channel') Object.assign(event, movedBy(rows, chatId, messages.length))
  return { events: isTold ? [event, told(rows, command, place, messages, at)] : [event] }
}

function placeOf(
  rows: Rows,
  { chatId, userId, oneSide }: PinMessages,
  at: At,
): Place | { rejected: Rejection } {
  if (chatKindOf(chatId) === 'private') {
    if (!isMember(chatId, userId)) return { rejected: peerIdInvalid }
    const members = [...(membersOf(chatId) ?? [])]
    if (!oneSide && refusalAmong(rows, userId, members) !== undefined) return { rejected: pinRestricted }
    return { kind: 'private', members, ttlSeconds: rows.get(chats, { chatId })?.ttlSeconds ?? 0 }
  }
  const info = openChat(rows, chatId)
  if (info === undefined) return unknown(chatId)
  const member = memberOf(rows, chatId, userId)
  if (member?.isIn !== true) return { rejected: outsider(info, member, at.date) }
  return mayPin(info, member, at.date) ? info : { rejected: adminRequired }
}

/** How a message is pinned after it; nothing where that is as before. */
function changed(
  rows: Rows,
  { chatId, userId, pinned, oneSide }: PinMessages,
  { kind, members }: Place,
  seq: MessageSeq,
  keptBy: readonly UserId[],
): PinnedMessage[] {
  const row = rows.get(pinnedMessages, { chatId, seq })
  if (kind !== 'private') {
    if ((row !== undefined) === pinned) return []
    return [{ seq, told: keptBy.filter((keeper) => members.includes(keeper)), pinnedFor: [] }]
  }
  const before = (row?.pinnedFor ?? []) as readonly UserId[]
  const sides = oneSide ? [userId] : keptBy
  const told = sides.filter((side) => before.includes(side) !== pinned)
  if (told.length === 0) return []
  const pinnedFor = pinned ? [...before, ...told] : before.filter((side) => !told.includes(side))
  return [{ seq, told, pinnedFor }]
}

function told(
  rows: Rows,
  { chatId, userId, service, serviceRandomId }: PinMessages,
  info: Place,
  messages: readonly PinnedMessage[],
  at: At,
): MessageSent {
  const draft = {
    chatId,
    info,
    byUserId: userId,
    sealed: service!,
    randomId: serviceRandomId,
    replyToSeq: messages[0]!.seq,
    movedBefore: messages.length,
  }
  return serviceMessage(rows, draft, at)
}
