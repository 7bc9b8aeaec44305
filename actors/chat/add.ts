import {
  ADMIN_RIGHTS,
  type AddMembers,
  type ChatInfo,
  type ChatMember,
  type LeaveChat,
  MAX_ADDED_PER_COMMAND,
  type MembersChanged,
  type MessageSent,
  type MessagesHanded,
  type UserId,
} from '@heliograph/schemas/avro'
import type { RowRef } from '@heliograph/storage'
import { serviceRefs } from '../message/service.ts'
import type { At, Rows } from '../runtime/decider.ts'
import { type ChatDecision, inLiveChat, lastDelivered, membersChanged, nothing, untold } from './change.ts'
import { entered, hasRoom } from './entering.ts'
import { handed, handedRefs } from './handed.ts'
import {
  channelPrivate,
  chatAdminRequired,
  rejected,
  userAlreadyParticipant,
  userKicked,
  userNotParticipant,
  usersTooMuch,
} from './rejections.ts'
import {
  bannedAt,
  isDeactivated,
  isKicked,
  type Member,
  mayAdminister,
  mayInvite,
  outsider,
  unknownChat,
} from './rights.ts'
import { chatInfoOf, chatRefs, memberOf } from './state.ts'

export function needsOfAdd(command: AddMembers): RowRef[] {
  const { chatId, byUserId, userIds } = command
  return [...chatRefs(chatId, byUserId, ...userIds), ...serviceRefs(chatId), ...handedRefs(command)]
}

/**
 * Brings in those who may be brought in; who left a basic group may bring itself back. Rejects with CHAT_ADMIN_REQUIRED,
 * USERS_TOO_MUCH and, where nobody is left to bring in, USER_KICKED or USER_ALREADY_PARTICIPANT; in a channel those who
 * are in it already are nothing to do.
 */
export function decideAdd(rows: Rows, command: AddMembers, at: At): ChatDecision {
  const { chatId, byUserId } = command
  return inLiveChat(rows, chatId, (info) => {
    const by = memberOf(rows, chatId, byUserId)
    const userIds = [...new Set(command.userIds)]
    if (!mayInvite(info, by, at.date) && !comesBack(info, by, userIds, at)) {
      return by?.isIn === true ? chatAdminRequired : rejected(outsider(info, by, at.date))
    }
    const welcome = welcomed(rows, command, userIds, by, at)
    if (welcome.length === 0) return nobody(rows, command, info, userIds)
    if (userIds.length > MAX_ADDED_PER_COMMAND || !hasRoom(info, welcome.length)) return usersTooMuch
    const entry = { inviterId: byUserId }
    const after = welcome.map((userId) => entered(rows, chatId, info, userId, entry, at))
    const decision = membersChanged(rows, info, after, { ...command, change: 'add' }, command, at)
    return info.kind === 'group' ? withHanded(rows, command, welcome, decision.events, at) : decision
  })
}

/** A single newcomer gets messages before the one that tells of it, which then follows on those. */
function withHanded(
  rows: Rows,
  command: AddMembers,
  [userId, ...others]: readonly UserId[],
  events: readonly (MembersChanged | MessageSent)[],
  at: At,
): ChatDecision {
  const given = userId === undefined || others.length > 0 ? undefined : handed(rows, command, userId, at)
  if (given === undefined) return { events }
  const changed = events.filter((event) => event.type === 'MembersChanged')
  const told = events.filter((event) => event.type === 'MessageSent')
  return { events: [...changed, given, ...told.map((message) => following(message, given))] }
}

function following(message: MessageSent, { userId, messages }: MessagesHanded): MessageSent {
  return { ...message, returned: [{ userId, previousSeq: messages.at(-1)!.seq }] }
}

function comesBack(info: ChatInfo, by: Member, userIds: readonly UserId[], at: At): boolean {
  const isAlone = userIds.length === 1 && userIds[0] === (by?.peerId as number | undefined)
  return info.kind === 'group' && isAlone && by !== undefined && !isKicked(by, at.date)
}

/** Those who are not in, and of those who were removed the ones whom `by` may let in again. */
function welcomed(
  rows: Rows,
  { chatId }: AddMembers,
  userIds: readonly UserId[],
  by: Member,
  at: At,
): UserId[] {
  const mayUnban = mayAdminister(by, ADMIN_RIGHTS.banUsers)
  return userIds.filter((userId) => {
    const member = memberOf(rows, chatId, userId)
    return member?.isIn !== true && (mayUnban || !isKicked(member, at.date))
  })
}

function nobody(
  rows: Rows,
  { chatId }: AddMembers,
  info: ChatInfo,
  userIds: readonly UserId[],
): ChatDecision {
  if (userIds.some((userId) => memberOf(rows, chatId, userId)?.isIn !== true)) return userKicked
  return info.kind === 'group' ? userAlreadyParticipant : nothing
}

export function needsOfLeave({ chatId, userId }: LeaveChat): RowRef[] {
  return [...chatRefs(chatId, userId), ...serviceRefs(chatId)]
}

/**
 * The creator stays creator while it is away; of a channel that was deleted one takes leave without a word. Rejects with
 * USER_NOT_PARTICIPANT, or CHANNEL_PRIVATE who was removed.
 */
export function decideLeave(rows: Rows, command: LeaveChat, at: At): ChatDecision {
  const { chatId, userId } = command
  const info = chatInfoOf(rows, chatId)
  const isGone = info === undefined || isDeactivated(info)
  if (info === undefined || (isGone && info.kind === 'group')) return rejected(unknownChat(chatId))
  const member = memberOf(rows, chatId, userId)
  if (member?.isIn !== true) {
    return isKicked(member, at.date) && info.kind !== 'group' ? channelPrivate : userNotParticipant
  }
  const told = isGone ? untold : command
  const left = leaving(rows, info, member, command, at)
  return membersChanged(rows, info, [left], { ...command, byUserId: userId, change: 'leave' }, told, at)
}

function leaving(rows: Rows, info: ChatInfo, member: ChatMember, command: LeaveChat, at: At): ChatMember {
  const isCreator = member.status === 'creator'
  const status = isCreator ? 'creator' : bannedAt(member, at.date) === 0 ? 'left' : 'restricted'
  const minSeq = info.kind === 'group' ? lastDelivered(rows, command.chatId, command) : member.minSeq
  const kept = isCreator ? {} : { rights: 0, rank: null }
  return { ...member, ...kept, status, isIn: false, date: at.date, minSeq }
}
