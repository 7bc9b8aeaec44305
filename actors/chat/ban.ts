import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type ChatInfo,
  type ChatMember,
  hasRight,
  isUserPeer,
  type SetBanned,
} from '@heliograph/schemas/avro'
import type { RowRef } from '@heliograph/storage'
import { serviceRefs } from '../message/service.ts'
import type { At, Rows } from '../runtime/decider.ts'
import { type ChatDecision, inLiveChat, lastDelivered, membersChanged, nothing } from './change.ts'
import {
  chatAdminRequired,
  participantInvalid,
  rejected,
  userAdminInvalid,
  userNotParticipant,
} from './rejections.ts'
import { isCreator, type Member, mayAdminister, outsider } from './rights.ts'
import { chatRefs, memberOf, newMember } from './state.ts'
import { needsOfTurningAway, turnedAway } from './turn-away.ts'

/** Restrictions for less or more than this are for ever. Source: core.telegram.org/constructor/chatBannedRights. */
const SHORTEST_BAN_SECONDS = 30
const LONGEST_BAN_SECONDS = 366 * 86_400

export function needsOfSetBanned(command: SetBanned): RowRef[] {
  const { chatId, byUserId, peerId } = command
  return [...chatRefs(chatId, byUserId, peerId), ...serviceRefs(chatId), ...needsOfTurningAway(command)]
}

/**
 * Removes a member, restricts it or lifts that; in a channel also who is not in it, and channels as those who post. Who is
 * removed waits no more to be let in. In a basic group a member may remove whom it brought in. Nothing to do where nothing is to be lifted. Rejects with CHAT_ADMIN_REQUIRED,
 * PARTICIPANT_ID_INVALID (oneself), USER_ADMIN_INVALID (the creator, an administrator whom another promoted),
 * USER_NOT_PARTICIPANT (of a basic group).
 */
export function decideSetBanned(rows: Rows, command: SetBanned, at: At): ChatDecision {
  const { chatId, byUserId, peerId } = command
  return inLiveChat(rows, chatId, (info) => {
    const by = memberOf(rows, chatId, byUserId)
    const member = memberOf(rows, chatId, peerId)
    if (by?.isIn !== true) return rejected(outsider(info, by, at.date))
    if (peerId === (byUserId as number) || !(isUserPeer(peerId) || info.kind !== 'group')) {
      return participantInvalid
    }
    const refused = refusedBan(command, info, by, member)
    if (refused !== undefined) return refused
    const after = banned(rows, command, info, member ?? newMember(peerId), at)
    if (isSame(member, after)) return nothing
    const turned = after.status === 'kicked' ? turnedAway(rows, command, at) : []
    const { events } = membersChanged(rows, info, [after], { ...command, change: 'ban' }, command, at)
    return { events: [...turned, ...events] }
  })
}

function refusedBan(command: SetBanned, info: ChatInfo, by: ChatMember, member: Member) {
  const removes = hasRight(command.banned, BANNED_RIGHTS.viewMessages)
  const isOwnGuest = info.kind === 'group' && removes && member?.inviterId === (by.peerId as number)
  if (!mayAdminister(by, ADMIN_RIGHTS.banUsers) && !isOwnGuest) return chatAdminRequired
  if (member?.status === 'creator') return userAdminInvalid
  const isOthers = member?.status === 'admin' && member.actorId !== (by.peerId as number)
  if (isOthers && !isCreator(by)) return userAdminInvalid
  return info.kind === 'group' && removes && member?.isIn !== true ? userNotParticipant : undefined
}

function banned(rows: Rows, command: SetBanned, info: ChatInfo, member: ChatMember, at: At): ChatMember {
  const isHeld = command.banned !== 0
  const removes = !isUserPeer(member.peerId) || hasRight(command.banned, BANNED_RIGHTS.viewMessages)
  if (!isHeld) return lifted(member)
  const plain = { rights: 0, rank: member.status === 'admin' ? null : member.rank }
  const held = {
    ...member,
    ...plain,
    banned: command.banned,
    untilDate: untilDate(command, at),
    actorId: command.byUserId,
  }
  if (!removes) return { ...held, status: 'restricted' }
  const minSeq = info.kind === 'group' ? lastDelivered(rows, command.chatId, command) : member.minSeq
  return { ...held, status: 'kicked', isIn: false, date: at.date, ...(member.isIn ? { minSeq } : {}) }
}

function lifted(member: ChatMember): ChatMember {
  if (member.status !== 'kicked' && member.status !== 'restricted') return member
  const actorId = 0 as ChatMember['actorId']
  return { ...member, status: member.isIn ? 'member' : 'left', banned: 0, untilDate: 0, actorId }
}

function untilDate({ untilDate }: SetBanned, { date }: At): number {
  const seconds = untilDate - date
  return seconds < SHORTEST_BAN_SECONDS || seconds > LONGEST_BAN_SECONDS ? 0 : untilDate
}

function isSame(before: Member, after: ChatMember): boolean {
  const { status, banned, untilDate } = before ?? newMember(after.peerId)
  return status === after.status && banned === after.banned && untilDate === after.untilDate
}
