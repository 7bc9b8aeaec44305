import type { ChatId, ChatInfo, ChatInvite, JoinChat, JoinRequested } from '@heliograph/schemas/avro'
import { inviteHashes, joinRequests, type RowRef } from '@heliograph/storage'
import { serviceRefs } from '../message/service.ts'
import type { At, Rows } from '../runtime/decider.ts'
import { type ChatDecision, type Deed, effectOf, inLiveChat, membersChanged } from './change.ts'
import { entered, hasRoom } from './entering.ts'
import { inviteCounted, inviteOf } from './invite.ts'
import {
  channelPrivate,
  inviteHashExpired,
  inviteHashInvalid,
  inviteRequestSent,
  rejected,
  userAlreadyParticipant,
  usersTooMuch,
} from './rejections.ts'
import { isKicked, unknownChat } from './rights.ts'
import { chatRefs, memberOf } from './state.ts'

export function needsOfJoin({ chatId, userId, invite }: JoinChat): RowRef[] {
  const refs = [
    ...chatRefs(chatId, userId),
    ...serviceRefs(chatId),
    { table: joinRequests, key: { chatId, userId } },
  ]
  if (invite !== null) refs.push({ table: inviteHashes, key: { hash: invite, chatId } })
  return refs
}

/**
 * In, or a request to be let in where the link or the chat wants that. Rejects with USER_ALREADY_PARTICIPANT, USERS_TOO_MUCH,
 * CHANNEL_PRIVATE or CHAT_ID_INVALID (not open to everybody, or removed from it), INVITE_HASH_INVALID (a link to another chat),
 * INVITE_HASH_EXPIRED (revoked, run out or used up, or its owner is no administrator any more), INVITE_REQUEST_SENT (again).
 */
export function decideJoin(rows: Rows, command: JoinChat, at: At): ChatDecision {
  const { chatId, userId } = command
  return inLiveChat(rows, chatId, (info) => {
    const member = memberOf(rows, chatId, userId)
    if (member?.isIn === true) return userAlreadyParticipant
    if (isKicked(member, at.date)) return info.kind === 'group' ? inviteHashExpired : channelPrivate
    if (command.invite !== null) return joinByLink(rows, command, command.invite, info, at)
    // Who made a chat may always come back.
    if (member?.status !== 'creator' && !isOpen(info)) return closed(chatId, info)
    return info.flags.includes('joinRequest') && member?.status !== 'creator'
      ? requested(rows, command, undefined, at)
      : joined(rows, command, info, undefined, at)
  })
}

/** A public channel, or the discussion of a channel. */
function isOpen(info: ChatInfo): boolean {
  if (info.kind === 'group') return false
  return info.username !== null || (info.kind === 'supergroup' && info.linkedChatId !== null)
}

function closed(chatId: ChatId, info: ChatInfo) {
  return info.kind === 'group' ? rejected(unknownChat(chatId)) : channelPrivate
}

function joinByLink(rows: Rows, command: JoinChat, hash: string, info: ChatInfo, at: At): ChatDecision {
  const row = rows.get(inviteHashes, { hash, chatId: command.chatId })
  if (row === undefined) return inviteHashInvalid
  const invite = inviteOf(row)
  if (!isUsable(info, invite, at)) return inviteHashExpired
  return invite.requestNeeded ? requested(rows, command, invite, at) : joined(rows, command, info, invite, at)
}

function isUsable(info: ChatInfo, invite: ChatInvite, at: At): boolean {
  if (invite.revoked || !info.adminIds.includes(invite.adminId)) return false
  if (invite.expireDate !== 0 && invite.expireDate <= at.date) return false
  return invite.usageLimit === 0 || invite.usage < invite.usageLimit
}

function requested(rows: Rows, command: JoinChat, invite: ChatInvite | undefined, at: At): ChatDecision {
  const { chatId, userId } = command
  if (rows.get(joinRequests, { chatId, userId }) !== undefined) return inviteRequestSent
  const effect = effectOf({ ...deedOf(command), log: null }, at, true)
  const request: JoinRequested = {
    type: 'JoinRequested',
    chatId,
    userId,
    invite: invite?.hash ?? '',
    ...effect,
  }
  if (invite === undefined) return { events: [request] }
  const counted = { ...invite, requested: invite.requested + 1 }
  return { events: [inviteCounted(deedOf(command), counted, at), request] }
}

function joined(
  rows: Rows,
  command: JoinChat,
  info: ChatInfo,
  invite: ChatInvite | undefined,
  at: At,
): ChatDecision {
  if (!hasRoom(info, 1)) return usersTooMuch
  const { chatId, userId } = command
  const entry = { inviterId: invite?.adminId ?? userId, invite: invite?.hash ?? null }
  const member = entered(rows, chatId, info, userId, entry, at)
  const { events } = membersChanged(rows, info, [member], deedOf(command), command, at)
  if (invite === undefined) return { events }
  const counted = { ...invite, usage: invite.usage + 1 }
  return { events: [inviteCounted(deedOf(command), counted, at), ...events] }
}

const deedOf = ({ chatId, userId, log }: JoinChat): Deed => ({
  chatId,
  byUserId: userId,
  change: 'join',
  log,
})
