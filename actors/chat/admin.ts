import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type ChatInfo,
  type ChatMember,
  CREATOR_RIGHTS,
  MAX_ADMINS,
  type SetAdmin,
  type TransferChat,
  type UserId,
} from '@heliograph/schemas/avro'
import type { RowRef } from '@heliograph/storage'
import { serviceRefs } from '../message/service.ts'
import type { At, Rows } from '../runtime/decider.ts'
import { type ChatDecision, inLiveChat, membersChanged, nothing, untold } from './change.ts'
import { entered, hasRoom } from './entering.ts'
import {
  adminsTooMuch,
  chatAdminRequired,
  inviteRequired,
  rejected,
  rightForbidden,
  userCreator,
  userIdInvalid,
  userNotParticipant,
  usersTooMuch,
} from './rejections.ts'
import {
  isCreator,
  isForbidden,
  isKicked,
  type Member,
  mayAdminister,
  mayInvite,
  outsider,
} from './rights.ts'
import { chatRefs, memberOf, newMember } from './state.ts'

export function needsOfSetAdmin({ chatId, byUserId, userId }: SetAdmin): RowRef[] {
  return [...chatRefs(chatId, byUserId, userId), ...serviceRefs(chatId)]
}

/**
 * Makes an administrator, changes one or unmakes it (`rights` 0); in a channel it may come in by that. With `rights` 0 the
 * title of a plain member is set. Rejects with CHAT_ADMIN_REQUIRED, USER_CREATOR, RIGHT_FORBIDDEN (rights that one has not
 * oneself, an administrator whom another promoted), ADMINS_TOO_MUCH, USER_NOT_PARTICIPANT, CHAT_ADMIN_INVITE_REQUIRED,
 * USERS_TOO_MUCH.
 */
export function decideSetAdmin(rows: Rows, command: SetAdmin, at: At): ChatDecision {
  const { chatId, byUserId, userId } = command
  return inLiveChat(rows, chatId, (info) => {
    const by = memberOf(rows, chatId, byUserId)
    if (by?.isIn !== true) return rejected(outsider(info, by, at.date))
    const member = memberOf(rows, chatId, userId)
    if (member?.status === 'creator') return ownRights(rows, command, info, member, at)
    const isPlain = member?.status !== 'admin'
    if (command.rights === 0 && isPlain) return titled(rows, command, info, by, member, at)
    const isSelf = byUserId === userId
    const drops = isSelf && member !== undefined && (command.rights & ~member.rights) === 0
    const refused = drops ? undefined : refusedPromotion(command, info, by, member)
    return refused ?? promoted(rows, command, info, by, member, at)
  })
}

/** A creator chooses its anonymity and its title; nobody else touches it. */
function ownRights(rows: Rows, command: SetAdmin, info: ChatInfo, member: ChatMember, at: At): ChatDecision {
  if (command.byUserId !== command.userId) return userCreator
  const rights = CREATOR_RIGHTS | (command.rights & ADMIN_RIGHTS.anonymous)
  return set(rows, command, info, { ...member, rights, rank: command.rank }, at)
}

function refusedPromotion({ rights }: SetAdmin, info: ChatInfo, by: ChatMember, member: Member) {
  const mayPromote = info.kind === 'group' ? isCreator(by) : mayAdminister(by, ADMIN_RIGHTS.addAdmins)
  if (!mayPromote) return chatAdminRequired
  if (isCreator(by)) return undefined
  if ((rights & ~by.rights) !== 0) return rightForbidden
  const isOthers = member?.status === 'admin' && member.actorId !== (by.peerId as number)
  return isOthers ? rightForbidden : undefined
}

function promoted(
  rows: Rows,
  command: SetAdmin,
  info: ChatInfo,
  by: ChatMember,
  member: Member,
  at: At,
): ChatDecision {
  const { chatId, byUserId, userId, rights, rank } = command
  if (rights === 0) return set(rows, command, info, unmade(member as ChatMember), at)
  if (member?.status !== 'admin' && info.adminIds.length >= MAX_ADMINS) return adminsTooMuch
  const isNew = member?.isIn !== true
  const refused = isNew ? refusedEntry(info, by, member, at) : undefined
  if (refused !== undefined) return refused
  const inside = isNew ? entered(rows, chatId, info, userId, { inviterId: byUserId }, at) : member
  const actorId = member?.status === 'admin' ? member.actorId : byUserId
  const free = { banned: 0, untilDate: 0 }
  return set(rows, command, info, { ...inside, ...free, status: 'admin', rights, rank, actorId }, at)
}

const unmade = (member: ChatMember): ChatMember => ({
  ...member,
  status: member.isIn ? 'member' : 'left',
  rights: 0,
  rank: null,
  actorId: 0 as UserId,
})

function refusedEntry(info: ChatInfo, by: ChatMember, member: Member, at: At) {
  if (info.kind === 'group') return userNotParticipant
  if (!mayInvite(info, by, at.date)) return inviteRequired
  if (isKicked(member, at.date) && !mayAdminister(by, ADMIN_RIGHTS.banUsers)) return chatAdminRequired
  return hasRoom(info, 1) ? undefined : usersTooMuch
}

/** Sets the title of a plain member: one's own where nobody forbids it, others' with the right to. */
function titled(
  rows: Rows,
  command: SetAdmin,
  info: ChatInfo,
  by: ChatMember,
  member: Member,
  at: At,
): ChatDecision {
  const isSelf = command.byUserId === command.userId
  const isFree = isSelf && !isForbidden(info, by, BANNED_RIGHTS.editRank, at.date)
  const mayTitle = isFree || isCreator(by) || mayAdminister(by, ADMIN_RIGHTS.manageRanks)
  if (!mayTitle && !mayAdminister(by, ADMIN_RIGHTS.addAdmins)) return chatAdminRequired
  if (member?.isIn !== true) return userNotParticipant
  if (member.rank === null && command.rank === null) return nothing
  return mayTitle ? set(rows, command, info, { ...member, rank: command.rank }, at) : chatAdminRequired
}

function set(rows: Rows, command: SetAdmin, info: ChatInfo, after: ChatMember, at: At): ChatDecision {
  return membersChanged(rows, info, [after], { ...command, change: 'admin' }, command, at)
}

export function needsOfTransfer({ chatId, byUserId, toUserId }: TransferChat): RowRef[] {
  return [...chatRefs(chatId, byUserId, toUserId), ...serviceRefs(chatId)]
}

/**
 * An administrator becomes the creator, and the creator an administrator with every right. Rejects with CHAT_ADMIN_REQUIRED, and
 * with USER_ID_INVALID where `toUserId` is no administrator.
 */
export function decideTransfer(rows: Rows, command: TransferChat, at: At): ChatDecision {
  const { chatId, byUserId, toUserId } = command
  return inLiveChat(rows, chatId, (info) => {
    const by = memberOf(rows, chatId, byUserId)
    if (by?.isIn !== true) return rejected(outsider(info, by, at.date))
    if (!isCreator(by)) return chatAdminRequired
    const heir = memberOf(rows, chatId, toUserId) ?? newMember(toUserId)
    if (heir.status !== 'admin' || !heir.isIn) return userIdInvalid
    const rights = CREATOR_RIGHTS | (heir.rights & ADMIN_RIGHTS.anonymous)
    const after: ChatMember[] = [
      { ...by, status: 'admin', actorId: toUserId },
      { ...heir, status: 'creator', rights, actorId: 0 as UserId },
    ]
    const deed = { ...command, change: 'transfer' }
    return membersChanged(rows, { ...info, creatorId: toUserId }, after, deed, untold, at)
  })
}
