import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type ChatId,
  type ChatInfo,
  chatKindOf,
  hasRight,
  type MessageSeq,
  type UserId,
} from '@heliograph/schemas/avro'
import type { RowRef } from '@heliograph/storage'
import { isForbidden, type Member, mayAdminister } from '../chat/rights.ts'
import { chatRefs, memberOf } from '../chat/state.ts'
import { type KeptMessage, keptMessage, keptMessageRefs } from '../message/keepers.ts'
import { isMember, membersOf, openChat, refusedOutside, unknown } from '../message/members.ts'
import { blockRefs, refusalAmong } from '../message/send.ts'
import type { At, Rejection, Rows } from '../runtime/decider.ts'

/** Where a user says something to a message: reacts to it, or votes in its poll. */

const peerIdInvalid: Rejection = { code: 400, message: 'PEER_ID_INVALID' }
const messageIdInvalid: Rejection = { code: 400, message: 'MESSAGE_ID_INVALID' }
const writeForbidden: Rejection = { code: 403, message: 'CHAT_WRITE_FORBIDDEN' }
const bannedInChannel: Rejection = { code: 400, message: 'USER_BANNED_IN_CHANNEL' }
const anonymousDisabled: Rejection = { code: 403, message: 'ANONYMOUS_REACTIONS_DISABLED' }

export interface Place {
  readonly message: KeptMessage
  /** Null in private chats. */
  readonly info: ChatInfo | null
  readonly member: Member
}

interface Saying {
  readonly chatId: ChatId
  readonly userId: UserId
  readonly seq: MessageSeq
}

export function placeRefs({ chatId, userId, seq }: Saying): RowRef[] {
  const refs = keptMessageRefs(chatId, seq)
  if (chatKindOf(chatId) !== 'private') refs.push(...chatRefs(chatId, userId))
  else for (const other of membersOf(chatId) ?? []) refs.push(...blockRefs(userId, other))
  return refs
}

/**
 * The message, where the user may say something to it. Rejected are PEER_ID_INVALID, MESSAGE_ID_INVALID (none, or a service
 * message), CHAT_WRITE_FORBIDDEN (either blocks the other, or `needed` of `BANNED_RIGHTS` is forbidden to all), USER_BANNED_IN_CHANNEL (to this one),
 * ANONYMOUS_REACTIONS_DISABLED, and outsiders as `refusedOutside` says.
 */
export function placeOf(
  rows: Rows,
  saying: Saying,
  at: At,
  needed: number = BANNED_RIGHTS.sendReactions,
): Place | { readonly rejected: Rejection } {
  const { chatId, userId, seq } = saying
  const where =
    chatKindOf(chatId) === 'private' ? inPrivate(rows, saying) : inPublic(rows, saying, at, needed)
  if ('rejected' in where) return where
  const message = keptMessage(rows, chatId, seq, userId)
  if (message === undefined || message.row.service === true) return { rejected: messageIdInvalid }
  if (seq <= (where.member?.minSeq ?? 0) && where.info?.kind !== 'group')
    return { rejected: messageIdInvalid }
  return { ...where, message }
}

type Where = Pick<Place, 'info' | 'member'> | { readonly rejected: Rejection }

function inPrivate(rows: Rows, { chatId, userId }: Saying): Where {
  if (!isMember(chatId, userId)) return { rejected: peerIdInvalid }
  const refused = refusalAmong(rows, userId, membersOf(chatId) ?? [])
  return refused === undefined ? { info: null, member: undefined } : { rejected: writeForbidden }
}

function inPublic(rows: Rows, { chatId, userId }: Saying, at: At, needed: number): Where {
  const info = openChat(rows, chatId)
  if (info === undefined) return unknown(chatId)
  const member = memberOf(rows, chatId, userId)
  const rejected = refusedOutside(info, member, at.date)
  if (rejected !== undefined) return { rejected }
  if (isForbidden(info, member, needed, at.date))
    return { rejected: hasRight(info.defaultBanned, needed) ? writeForbidden : bannedInChannel }
  const isAnonymous = info.kind === 'supergroup' && mayAdminister(member, ADMIN_RIGHTS.anonymous)
  return isAnonymous ? { rejected: anonymousDisabled } : { info, member }
}

/** Whom the message is by, where it has somebody to be told; 0 for posts and what is in the name of a chat. */
export function authorOf({ message, info }: Place): UserId {
  if (info?.kind === 'broadcast' || (message.row.postAs ?? null) !== null) return 0 as UserId
  return (message.row.senderId ?? 0) as UserId
}
