import {
  chatKindOf,
  type LookChanged,
  type MessageSent,
  type TellChat,
  type UserId,
} from '@heliograph/schemas/avro'
import { chatLooks, chats, type Mutation, type RowRef } from '@heliograph/storage'
import { keptMessage, keptMessageRefs } from '../message/keepers.ts'
import { membersOf } from '../message/members.ts'
import { blockRefs, refusalAmong } from '../message/send.ts'
import { serviceMessage, serviceRefs } from '../message/service.ts'
import type { At, Decision, Rows } from '../runtime/decider.ts'

const peerIdInvalid = { rejected: { code: 400, message: 'PEER_ID_INVALID' } } as const
const NOBODY = 0 as UserId

export function needsOfTell({ chatId, userId, replyToSeq }: TellChat): RowRef[] {
  const refs = serviceRefs(chatId)
  for (const other of membersOf(chatId) ?? []) refs.push(...blockRefs(userId, other))
  if (replyToSeq !== null) refs.push(...keptMessageRefs(chatId, replyToSeq))
  return refs
}

/** Rejects with PEER_ID_INVALID for groups and channels, and in private chats as `refusalAmong` says. */
export function decideTell(rows: Rows, command: TellChat, at: At): Decision<LookChanged | MessageSent> {
  const { chatId, userId, replyToSeq, look, value } = command
  const members = [...(membersOf(chatId) ?? [])]
  if (chatKindOf(chatId) !== 'private') return peerIdInvalid
  const refused = refusalAmong(rows, userId, members)
  if (refused !== undefined) return refused
  const answered = replyToSeq !== null && keptMessage(rows, chatId, replyToSeq, userId) !== undefined
  const told = serviceMessage(
    rows,
    {
      chatId,
      info: { kind: 'private', members, ttlSeconds: rows.get(chats, { chatId })?.ttlSeconds ?? 0 },
      byUserId: userId,
      sealed: command.service,
      randomId: command.serviceRandomId,
      ...(answered ? { replyToSeq } : {}),
    },
    at,
  )
  if (look === '') return { events: [told] }
  const owner = look === 'theme' ? NOBODY : userId
  const changed = { chatId, look, userId: owner, byUserId: userId, value, date: at.date }
  return { events: [{ type: 'LookChanged', ...changed }, told] }
}

export function projectLook({ chatId, look, userId, byUserId, value, date }: LookChanged): Mutation[] {
  return [{ kind: 'upsert', table: chatLooks, row: { chatId, look, userId, value, byUserId, date } }]
}
