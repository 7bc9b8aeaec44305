import {
  ADMIN_RIGHTS,
  type AnswerRequests,
  type ChatId,
  type ChatInfo,
  type ChatInvite,
  type InvitePut,
  type MessageSent,
  type MessageSeq,
  type RequestsAnswered,
  type ReturnedMember,
  type UserId,
} from '@heliograph/schemas/avro'
import { inviteHashes, joinRequests, type RowRef } from '@heliograph/storage'
import { projectSent } from '../message/sent.ts'
import { serviceMessage, serviceRefs } from '../message/service.ts'
import type { At, Rows } from '../runtime/decider.ts'
import { type ChatDecision, effectOf, inLiveChat, membersChanged, untold } from './change.ts'
import { entered, hasRoom } from './entering.ts'
import { inviteCounted, inviteOf } from './invite.ts'
import { overlaid } from './overlay.ts'
import {
  chatAdminRequired,
  hideRequesterMissing,
  rejected,
  userAlreadyParticipant,
  usersTooMuch,
} from './rejections.ts'
import { isKicked, type Member, mayAdminister, refusedRight } from './rights.ts'
import { chatRefs, memberOf } from './state.ts'

/** Somebody who asked, and the hash of the link that it came by; empty for the public name. */
interface Request {
  readonly userId: UserId
  readonly hash: string
}

export function needsOfAnswer({ chatId, byUserId, userIds, invites }: AnswerRequests): RowRef[] {
  return [
    ...chatRefs(chatId, byUserId, ...userIds),
    ...serviceRefs(chatId),
    ...[...new Set(userIds)].map((userId) => ({ table: joinRequests, key: { chatId, userId } })),
    ...[...new Set(invites)].map((hash) => ({ table: inviteHashes, key: { hash, chatId } })),
  ]
}

/**
 * Those who are let in come in with one message each. Rejects with CHAT_ADMIN_REQUIRED (also for letting in who was removed, without
 * the right to ban), USERS_TOO_MUCH, and where nobody of them waits USER_ALREADY_PARTICIPANT or HIDE_REQUESTER_MISSING.
 */
export function decideAnswer(rows: Rows, command: AnswerRequests, at: At): ChatDecision {
  const { chatId, byUserId, approved } = command
  return inLiveChat(rows, chatId, (info) => {
    const by = memberOf(rows, chatId, byUserId)
    const refused = refusedRight(info, by, ADMIN_RIGHTS.inviteUsers, at.date)
    if (refused !== undefined) return rejected(refused)
    const asked = [...new Set(command.userIds)].flatMap((userId) => requestOf(rows, command, userId))
    if (asked.length === 0) {
      const isIn = command.userIds.some((userId) => memberOf(rows, chatId, userId)?.isIn === true)
      return isIn ? userAlreadyParticipant : hideRequesterMissing
    }
    if (approved && !mayReadmit(rows, command, by, asked, at)) return chatAdminRequired
    if (approved && !hasRoom(info, asked.length)) return usersTooMuch
    const links = countedLinks(rows, command, asked, at)
    const answered = requestsAnswered(command, asked, at)
    if (!approved) return { events: [...links, answered] }
    return { events: [...links, answered, ...letIn(rows, command, info, asked, at)] }
  })
}

/** A ban turns those away who wait; bans of before it did may have left some waiting. */
function mayReadmit(
  rows: Rows,
  { chatId }: AnswerRequests,
  by: Member,
  asked: readonly Request[],
  at: At,
): boolean {
  if (mayAdminister(by, ADMIN_RIGHTS.banUsers)) return true
  return !asked.some(({ userId }) => isKicked(memberOf(rows, chatId, userId), at.date))
}

function requestOf(rows: Rows, { chatId }: AnswerRequests, userId: UserId): Request[] {
  const row = rows.get(joinRequests, { chatId, userId })
  if (row === undefined || memberOf(rows, chatId, userId)?.isIn === true) return []
  return [{ userId, hash: row.invite ?? '' }]
}

function requestsAnswered(command: AnswerRequests, asked: readonly Request[], at: At): RequestsAnswered {
  return {
    type: 'RequestsAnswered',
    chatId: command.chatId,
    userIds: asked.map(({ userId }) => userId),
    invites: asked.map(({ hash }) => hash),
    approved: command.approved,
    ...effectOf({ ...command, change: 'request' }, at, !command.approved),
    ...(command.approved ? { log: null } : {}),
  }
}

/** The links that they came by, as far as the command names them. */
function countedLinks(rows: Rows, command: AnswerRequests, asked: readonly Request[], at: At): InvitePut[] {
  return [...new Set(command.invites)].flatMap((hash) => {
    const count = asked.filter((request) => request.hash === hash).length
    const row = rows.get(inviteHashes, { hash, chatId: command.chatId })
    if (count === 0 || row === undefined) return []
    const counted = countAnswered(inviteOf(row), count, command.approved)
    return [inviteCounted({ ...command, change: 'request' }, counted, at)]
  })
}

function countAnswered(invite: ChatInvite, count: number, approved: boolean): ChatInvite {
  const requested = Math.max(0, invite.requested - count)
  return { ...invite, requested, usage: invite.usage + (approved ? count : 0) }
}

function letIn(rows: Rows, command: AnswerRequests, info: ChatInfo, asked: readonly Request[], at: At) {
  const { chatId, byUserId } = command
  const entry = { inviterId: byUserId, viaRequest: true }
  const after = asked.map(({ userId, hash }) =>
    entered(rows, chatId, info, userId, { ...entry, invite: hash || null }, at),
  )
  const deed = { ...command, change: 'request' }
  const { events } = membersChanged(rows, info, after, deed, untold, at)
  const [joined] = events
  if (command.service === null || joined?.type !== 'MembersChanged') return events
  return [joined, ...welcomes(rows, command, command.service, joined.info, asked, at)]
}

/**
 * One message for each newcomer; none of them answers, since none is the caller's. All of them get the first, so that it says
 * where each who returns had left off.
 */
function welcomes(
  rows: Rows,
  { chatId, serviceRandomId }: AnswerRequests,
  sealed: Buffer,
  info: ChatInfo,
  asked: readonly Request[],
  at: At,
): MessageSent[] {
  let seen = rows
  return asked.map(({ userId }, index) => {
    const randomId = BigInt.asIntN(64, serviceRandomId + BigInt(index))
    const returned = index === 0 && info.kind === 'group' ? returning(rows, chatId, asked) : []
    const message = serviceMessage(
      seen,
      { chatId, info, byUserId: userId, sealed, randomId, returned, answers: false },
      at,
    )
    seen = overlaid(seen, projectSent(message))
    return message
  })
}

function returning(rows: Rows, chatId: ChatId, asked: readonly Request[]): ReturnedMember[] {
  return asked.flatMap(({ userId }) => {
    const previousSeq = (memberOf(rows, chatId, userId)?.minSeq ?? 0) as MessageSeq
    return previousSeq > 0 ? [{ userId, previousSeq }] : []
  })
}
