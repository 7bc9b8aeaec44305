import {
  BANNED_RIGHTS,
  MAX_ADDED_PER_COMMAND,
  MAX_HANDED_MESSAGES,
  type MessageSeq,
  type PeerId,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import { RpcError, rpcError, type Tl } from '@heliograph/schemas/tl'
import { blocked } from '@heliograph/storage'
import { deleteHistoryOf } from '../channels/participant-history.ts'
import type { MemberFacts } from '../directory/chat-facts.ts'
import type { UserView } from '../directory/directory.ts'
import type { CallContext, Handler } from '../handler.ts'
import { extentOf } from '../messages/mailbox/extent.ts'
import { liveEntries } from '../messages/mailbox/history.ts'
import { inputChannelId, inputUserId } from '../peers.ts'
import { membersOf } from './group-participants.ts'
import { refusedGuest, sortInvitees } from './invitees.ts'
import { membersBeside } from './participants-update.ts'
import { isAdmin, type Reached, reach, reachChannel, reachGroup } from './reach.ts'
import { type LogAction, sealLog } from './sealed.ts'
import { askChat, chatUpdates, NO_SERVICE, serviceOf } from './told.ts'

/** Messages of before that somebody new in a basic group gets at most. */
const MAX_FORWARDED = MAX_HANDED_MESSAGES
/** From here on answers name those who could not be invited; to older clients an error says it. */
const FIRST_LAYER_WITH_MISSING = 177

export const addChatUser: Handler<'messages.addChatUser'> = async (call, context) => {
  const reached = await reachGroup(context, call.chatId)
  const userId = inputUserId(call.userId, context)
  if (userId !== context.user) await requireAddable(context, reached, userId)
  const { missing } = await sortInvitees(context, [userId])
  if (missing.length > 0)
    return { _: 'messages.invitedUsers', updates: await nothing(context, reached), missingInvitees: missing }
  const forwardLimit = Math.min(Math.max(call.fwdLimit, 0), MAX_FORWARDED)
  const updates = await add(context, reached, [userId], forwardLimit)
  return { _: 'messages.invitedUsers', updates, missingInvitees: [] }
}

const nothing = (context: CallContext, { chatId }: Reached) => chatUpdates(context, chatId, NO_REPLY)
const NO_REPLY = {
  type: 'Reply',
  request: 0,
  error: null,
  mailbox: null,
  channel: null,
  userId: null,
} as const

export const inviteToChannel: Handler<'channels.inviteToChannel'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  const wanted = [...new Set(call.users.map((input) => inputUserId(input, context)))]
  if (wanted.length === 0) throw new RpcError(400, 'USER_ID_INVALID')
  if (wanted.length > MAX_ADDED_PER_COMMAND) throw new RpcError(400, 'USERS_TOO_MUCH')
  const { welcome, missing } = await sortInvitees(context, wanted)
  const isTold = context.caller.layer >= FIRST_LAYER_WITH_MISSING
  if (welcome.length === 0 && wanted.length === 1 && !isTold) throw rpcError('USER_PRIVACY_RESTRICTED')
  const added = await addable(context, reached, welcome, wanted.length === 1)
  const updates = added.length === 0 ? await nothing(context, reached) : await add(context, reached, added, 0)
  return { _: 'messages.invitedUsers', updates, missingInvitees: missing }
}

/**
 * Those of the users who are not in the chat yet and may come: somebody who left by itself is only brought back by a mutual
 * contact, or an administrator. Where a single user was to come the reason is said.
 */
async function addable(
  context: CallContext,
  reached: Reached,
  ids: readonly UserId[],
  isSingle: boolean,
): Promise<UserId[]> {
  const members = await membersOf(context.services, reached.chatId, ids)
  const views = await context.services.directory.views(context.user, ids)
  const reasons = await Promise.all(
    ids.map((id, i) => refusalOf(reached, members[i], isMutual(views[i]!)) ?? refusedGuest(context, id)),
  )
  if (isSingle && reasons[0] !== undefined) throw rpcError(reasons[0])
  return ids.filter((_, i) => reasons[i] === undefined)
}

/**
 * @throws RpcError 403 CHAT_WRITE_FORBIDDEN, 400 YOU_BLOCKED_USER, USER_IS_BLOCKED, USER_ALREADY_PARTICIPANT,
 * USER_NOT_MUTUAL_CONTACT
 */
async function requireAddable(context: CallContext, reached: Reached, other: UserId): Promise<void> {
  const { services, user } = context
  if (!reached.isIn) throw new RpcError(403, 'CHAT_WRITE_FORBIDDEN')
  const [own, theirs] = await services.tables.getMany([
    { table: blocked, key: { userId: user, peerId: other } },
    { table: blocked, key: { userId: other, peerId: user } },
  ])
  if (own !== undefined) throw new RpcError(400, 'YOU_BLOCKED_USER')
  if (theirs !== undefined) throw new RpcError(400, 'USER_IS_BLOCKED')
  const [[member], [view]] = await Promise.all([
    membersOf(services, reached.chatId, [other]),
    services.directory.views(user, [other]),
  ])
  const reason = refusalOf(reached, member, isMutual(view!))
  if (reason !== undefined) throw rpcError(reason)
}

const isMutual = ({ relation }: UserView): boolean => relation.card !== undefined && relation.knownBy

function refusalOf(reached: Reached, member: MemberFacts | undefined, isMutual: boolean) {
  if (member === undefined) return undefined
  if (member.isIn) return 'USER_ALREADY_PARTICIPANT'
  if (member.status === 'left' && !isMutual && !isAdmin(reached)) return 'USER_NOT_MUTUAL_CONTACT'
  return undefined
}

async function add(
  context: CallContext,
  { chatId, facts }: Reached,
  userIds: UserId[],
  forwardLimit: number,
): Promise<Tl<'updates'>> {
  const hasService = facts.kind !== 'broadcast'
  const service = hasService
    ? await serviceOf(context, chatId, { _: 'messageActionChatAddUser', users: userIds })
    : undefined
  const actions = userIds.map(
    (userId): LogAction => ({
      _: 'channelAdminLogEventActionParticipantInvite',
      participant: { _: 'channelParticipant', userId, date: context.now },
    }),
  )
  const forwardSeqs = forwardLimit > 0 ? await lastSeqs(context, peerIdOfChat(chatId), forwardLimit) : []
  const reply = await askChat(context, {
    type: 'AddMembers',
    chatId,
    byUserId: context.user,
    userIds,
    forwardLimit,
    forwardSeqs,
    ...(service?.fields ?? NO_SERVICE),
    log: facts.kind === 'group' ? null : await sealLog(context.services, chatId, actions),
  })
  return chatUpdates(context, chatId, reply, service, await membersBeside(context, chatId, userIds))
}

/** The last messages of a basic group that the caller has, in their order. */
async function lastSeqs(
  { services, user }: CallContext,
  peerId: PeerId,
  limit: number,
): Promise<MessageSeq[]> {
  const mailbox = { tables: services.tables, userId: user, peerId }
  const { topSeq } = await extentOf(mailbox)
  const last = await liveEntries(mailbox, { from: 1, to: topSeq, descending: true }, 0, limit)
  return last.map(({ seq }) => seq).reverse()
}

export const deleteChatUser: Handler<'messages.deleteChatUser'> = async (call, context) => {
  const reached = await reachGroup(context, call.chatId)
  const userId = inputUserId(call.userId, context)
  const service = await serviceOf(context, reached.chatId, { _: 'messageActionChatDeleteUser', userId })
  const { chatId } = reached
  if (call.revokeHistory === true) await deleteHistoryOf(context, chatId, userId)
  const command =
    userId === context.user
      ? ({ type: 'LeaveChat', chatId, userId, ...service.fields, log: null } as const)
      : ({ ...removal(context, reached, userId), ...service.fields, log: null } as const)
  const reply = await askChat(context, command)
  return chatUpdates(context, chatId, reply, service, await membersBeside(context, chatId, [userId]))
}

const removal = ({ user }: CallContext, { chatId }: Reached, userId: UserId) =>
  ({
    type: 'SetBanned',
    chatId,
    byUserId: user,
    peerId: userId as number as PeerId,
    banned: BANNED_RIGHTS.viewMessages,
    untilDate: 0,
  }) as const

export const leaveChannel: Handler<'channels.leaveChannel'> = async (call, context) => {
  const chatId = inputChannelId(call.channel, context)
  const view = await context.services.chats.view(context.user, chatId)
  // One takes leave of a channel that was deleted as well, though nobody sees it any more.
  const isGone = view.facts?.flags.has('deactivated') === true
  const { facts, member } = isGone ? { ...view, facts: view.facts } : await reach(context, chatId)
  if (member?.isIn !== true) throw new RpcError(400, 'USER_NOT_PARTICIPANT')
  const service =
    !isGone && facts.kind === 'supergroup' && !facts.flags.has('hiddenMembers')
      ? await serviceOf(context, chatId, { _: 'messageActionChatDeleteUser', userId: context.user })
      : undefined
  const reply = await askChat(context, {
    type: 'LeaveChat',
    chatId,
    userId: context.user,
    ...(service?.fields ?? NO_SERVICE),
    log: await sealLog(context.services, chatId, [{ _: 'channelAdminLogEventActionParticipantLeave' }]),
  })
  return chatUpdates(context, chatId, reply, service)
}
