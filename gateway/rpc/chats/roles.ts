import {
  BANNED_RIGHTS,
  type ChatId,
  hasRight,
  isGroupPeer,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import { RpcError, rpcError, type TlType } from '@heliograph/schemas/tl'
import { chatScope } from '@heliograph/storage'
import type { MemberFacts } from '../directory/chat-facts.ts'
import type { CallContext, Handler } from '../handler.ts'
import { requireAccount } from '../live-account.ts'
import { inputPeerId, inputUserId } from '../peers.ts'
import { adminBits, banEnd, bannedBits, bannedRights } from '../rights.ts'
import { membersOf } from './group-participants.ts'
import { refusedGuest, sortInvitees } from './invitees.ts'
import { requireRank } from './names.ts'
import { renderParticipant, strangerParticipant } from './participant.ts'
import { membersBeside } from './participants-update.ts'
import { editChat } from './profile.ts'
import { type Reached, reachChannel, reachGroup, reachPeer } from './reach.ts'
import { type LogAction, openRank, sealLog, sealRank } from './sealed.ts'
import { askChat, chatUpdates, NO_SERVICE, serviceOf } from './told.ts'

/** What an administrator of a basic group may who was made one by the old switch. */
const BASIC_ADMIN: Parameters<typeof adminBits>[0] = {
  _: 'chatAdminRights',
  changeInfo: true,
  deleteMessages: true,
  banUsers: true,
  inviteUsers: true,
  pinMessages: true,
  manageCall: true,
  other: true,
}

async function memberOf(
  context: CallContext,
  chatId: ChatId,
  peerId: number,
): Promise<MemberFacts | undefined> {
  return (await membersOf(context.services, chatId, [peerId]))[0]
}

/** A member as the log of administrators shows it. */
async function shown(
  context: CallContext,
  reached: Reached,
  peerId: PeerId,
  member: MemberFacts | undefined,
) {
  if (member === undefined) return strangerParticipant(peerId)
  const key = await context.services.keyring.find(chatScope(reached.chatId))
  const rank = openRank(reached.chatId, key, member.rank)
  return renderParticipant({ viewer: 0 as UserId, reached, now: context.now }, member, rank)
}

export const editAdmin: Handler<'channels.editAdmin'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  const userId = inputUserId(call.userId, context)
  return setAdmin(context, reached, userId, adminBits(call.adminRights), call.rank)
}

export const editChatAdmin: Handler<'messages.editChatAdmin'> = async (call, context) => {
  const reached = await reachGroup(context, call.chatId)
  const userId = inputUserId(call.userId, context)
  await setAdmin(context, reached, userId, call.isAdmin ? adminBits(BASIC_ADMIN) : 0, undefined)
  return true
}

async function setAdmin(
  context: CallContext,
  reached: Reached,
  userId: UserId,
  rights: number,
  wantedRank: string | undefined,
): Promise<TlType<'Updates'>> {
  const { chatId } = reached
  const { services, user } = context
  const before = await memberOf(context, chatId, userId)
  if (before?.isIn !== true && userId !== user) await requireWelcome(context, reached, userId)
  const rank =
    wantedRank === undefined ? undefined : await sealRank(services, chatId, requireRank(wantedRank))
  const peer = userId as number as PeerId
  const after = {
    ...(before ?? newcomer(context, peer)),
    isIn: true,
    status:
      rights === 0 ? ('member' as const) : before?.status === 'creator' ? before.status : ('admin' as const),
    rights,
    rank: rank === undefined ? (before?.rank ?? null) : rank,
    actorId: user,
  }
  const log: LogAction = {
    _: 'channelAdminLogEventActionParticipantToggleAdmin',
    prevParticipant: await shown(context, reached, peer, before),
    newParticipant: await shown(context, reached, peer, after),
  }
  const reply = await askChat(context, {
    type: 'SetAdmin',
    chatId,
    byUserId: user,
    userId,
    rights,
    rank: after.rank,
    ...NO_SERVICE,
    log: reached.facts.kind === 'group' ? null : await sealLog(services, chatId, [log]),
  })
  return chatUpdates(context, chatId, reply, undefined, await membersBeside(context, chatId, [userId]))
}

async function requireWelcome(context: CallContext, { facts }: Reached, userId: UserId): Promise<void> {
  const { missing } = await sortInvitees(context, [userId])
  if (missing.length > 0) throw rpcError('USER_PRIVACY_RESTRICTED')
  const reason = facts.kind === 'group' ? undefined : await refusedGuest(context, userId)
  if (reason !== undefined) throw rpcError(reason)
}

const newcomer = ({ user, now }: CallContext, peerId: PeerId): MemberFacts => ({
  peerId,
  status: 'member',
  isIn: false,
  rights: 0,
  banned: 0,
  untilDate: 0,
  rank: null,
  inviterId: user,
  actorId: 0 as UserId,
  date: now,
  invite: null,
  viaRequest: false,
  minSeq: 0,
})

/** The title of an ordinary member, or of oneself. */
export const editChatParticipantRank: Handler<'messages.editChatParticipantRank'> = async (call, context) => {
  const reached = await reachPeer(context, call.peer)
  const peer = inputPeerId(call.participant, context, 'PARTICIPANT_ID_INVALID')
  if (peer < 0) throw new RpcError(400, 'PARTICIPANT_ID_INVALID')
  const before = await memberOf(context, reached.chatId, peer)
  if (before?.isIn !== true) throw new RpcError(400, 'USER_NOT_PARTICIPANT')
  const rank = await sealRank(context.services, reached.chatId, requireRank(call.rank))
  const key = await context.services.keyring.find(chatScope(reached.chatId))
  const log: LogAction = {
    _: 'channelAdminLogEventActionParticipantEditRank',
    userId: peer,
    prevRank: openRank(reached.chatId, key, before.rank),
    newRank: call.rank,
  }
  const reply = await askChat(context, {
    type: 'SetAdmin',
    chatId: reached.chatId,
    byUserId: context.user,
    userId: peer as number as UserId,
    rights: before.rights,
    rank,
    ...NO_SERVICE,
    log: await sealLog(context.services, reached.chatId, [log]),
  })
  return chatUpdates(context, reached.chatId, reply, undefined, { peers: [peer] })
}

export const editBanned: Handler<'channels.editBanned'> = async (call, context) => {
  const { services, user, now } = context
  const reached = await reachChannel(context, call.channel)
  const { chatId, facts } = reached
  const peerId = inputPeerId(call.participant, context, 'PARTICIPANT_ID_INVALID')
  if (isGroupPeer(peerId)) throw new RpcError(400, 'PARTICIPANT_ID_INVALID')
  if (peerId === (user as number)) throw new RpcError(400, 'USER_ID_INVALID')
  const banned = bannedBits(call.bannedRights)
  const untilDate = banned === 0 ? 0 : banEnd(call.bannedRights.untilDate, now)
  const isRemoval = hasRight(banned, BANNED_RIGHTS.viewMessages)
  if (facts.kind === 'broadcast' && banned !== 0 && !isRemoval) throw rpcError('BANNED_RIGHTS_INVALID')
  const before = await memberOf(context, chatId, peerId)
  if (before === undefined && banned !== 0) await requireAccount(context, peerId)
  const after = restricted(context, before ?? newcomer(context, peerId), banned, untilDate, isRemoval)
  const log: LogAction = {
    _: 'channelAdminLogEventActionParticipantToggleBan',
    prevParticipant: await shown(context, reached, peerId, before),
    newParticipant: await shown(context, reached, peerId, after),
  }
  const hasService = isRemoval && before?.isIn === true && facts.kind === 'supergroup' && peerId > 0
  const service = hasService
    ? await serviceOf(context, chatId, { _: 'messageActionChatDeleteUser', userId: peerId })
    : undefined
  const reply = await askChat(context, {
    type: 'SetBanned',
    chatId,
    byUserId: user,
    peerId,
    banned,
    untilDate,
    ...(service?.fields ?? NO_SERVICE),
    log: await sealLog(services, chatId, [log]),
  })
  return chatUpdates(context, chatId, reply, service, { peers: [peerId] })
}

function restricted(
  { user, now }: CallContext,
  before: MemberFacts,
  banned: number,
  untilDate: number,
  isRemoval: boolean,
): MemberFacts {
  const isIn = before.isIn && !isRemoval
  const free = isIn ? 'member' : 'left'
  const status = isRemoval ? 'kicked' : banned === 0 ? free : 'restricted'
  return { ...before, isIn, banned, untilDate, status, actorId: user, date: now, rights: 0 }
}

export const editChatDefaultBannedRights: Handler<'messages.editChatDefaultBannedRights'> = async (
  call,
  context,
) => {
  const reached = await reachPeer(context, call.peer)
  const { facts } = reached
  const defaultBanned = bannedBits(call.bannedRights)
  if (hasRight(defaultBanned, BANNED_RIGHTS.viewMessages) || facts.kind === 'broadcast')
    throw rpcError('BANNED_RIGHTS_INVALID')
  const log: LogAction = {
    _: 'channelAdminLogEventActionDefaultBannedRights',
    prevBannedRights: bannedRights(facts.defaultBanned),
    newBannedRights: bannedRights(defaultBanned),
  }
  return editChat(context, reached, 'default-banned', { defaultBanned }, log)
}
