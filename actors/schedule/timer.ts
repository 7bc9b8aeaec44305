import { chatKindOf, type MessageSent, type SetTimer } from '@heliograph/schemas/avro'
import { chats, type RowRef } from '@heliograph/storage'
import { membersOf } from '../message/members.ts'
import { blockRefs, refusalAmong } from '../message/send.ts'
import { serviceMessage, serviceRefs } from '../message/service.ts'
import type { At, Decision, Rows } from '../runtime/decider.ts'

const peerIdInvalid = { rejected: { code: 400, message: 'PEER_ID_INVALID' } } as const
const notModified = { rejected: { code: 400, message: 'CHAT_NOT_MODIFIED' } } as const

export function needsOfTimer({ chatId, userId }: SetTimer): RowRef[] {
  const members = membersOf(chatId) ?? []
  return [...serviceRefs(chatId), ...members.flatMap((other) => blockRefs(userId, other))]
}

/**
 * The message that tells of the timer is what sets it: each message of a private chat carries the timer on. Rejects with
 * PEER_ID_INVALID (groups and channels have `EditChat`; Saved Messages none), as `refusalAmong` says, and with
 * CHAT_NOT_MODIFIED.
 */
export function decideTimer(rows: Rows, command: SetTimer, at: At): Decision<MessageSent> {
  const { chatId, userId, ttlSeconds, service: sealed, serviceRandomId: randomId } = command
  const members = [...(membersOf(chatId) ?? [])]
  if (chatKindOf(chatId) !== 'private' || members.length < 2) return peerIdInvalid
  const refused = refusalAmong(rows, userId, members)
  if (refused !== undefined) return refused
  if ((rows.get(chats, { chatId })?.ttlSeconds ?? 0) === ttlSeconds) return notModified
  const info = { kind: 'private', members, ttlSeconds } as const
  return { events: [serviceMessage(rows, { chatId, info, byUserId: userId, sealed, randomId }, at)] }
}
