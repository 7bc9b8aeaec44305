import {
  type ChatId,
  chatKindOf,
  numberOfChat,
  type PeerId,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { lastSends, mailboxHistory } from '@heliograph/storage'
import { notifySettingsOf } from '../account/notify.ts'
import { looksOf } from '../channels/chosen-looks.ts'
import { defaultSendAs } from '../channels/send-as.ts'
import type { ChatFacts } from '../directory/chat-facts.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderNamed } from '../messages/answers.ts'
import { channelDialogs } from '../messages/dialogs/channels.ts'
import { FIRST_CHANNEL_PTS } from '../messages/mailbox/extent.ts'
import { leftGroups } from '../messages/mailbox/left-groups.ts'
import { newestPinnedSeq } from '../messages/mailbox/pinned.ts'
import { unreadIn } from '../messages/read/unread.ts'
import { renderPeer } from '../render/peer.ts'
import { stamped } from '../upload/stamp.ts'
import { permanentInvite } from './export-invite.ts'
import { onlineAmong } from './onlines.ts'
import { mayListMembers } from './participant.ts'
import { participantsOf } from './participants-update.ts'
import { isAdmin, isCreator, may, type Reached, reachChannel, reachGroup } from './reach.ts'
import { chatReactions } from './reactions.ts'
import { pendingRequests } from './requests.ts'

export const getFullChat: Handler<'messages.getFullChat'> = async (call, context) => {
  const reached = await reachGroup(context, call.chatId)
  const { facts, chatId } = reached
  const { services } = context
  const [shared, participants] = await Promise.all([
    sharedFull(context, reached),
    reached.isIn ? participantsOf(services, facts) : forbiddenParticipants(call.chatId),
  ])
  const fullChat: Tl<'chatFull'> = {
    _: 'chatFull',
    id: call.chatId,
    about: facts.profile.about,
    participants,
    ...withIds(shared.fields),
    ...(facts.photo !== undefined && { chatPhoto: stamped(services, context.user, facts.photo) }),
    ...(isCreator(reached) && { canSetUsername: true }),
  }
  const members = reached.isIn ? facts.members : []
  return chatFullAnswer(context, fullChat, [peerIdOfChat(chatId), ...peers(members), ...shared.peers])
}

const forbiddenParticipants = (chatId: number): TlType<'ChatParticipants'> => ({
  _: 'chatParticipantsForbidden',
  chatId,
})

const peers = (ids: readonly UserId[]): readonly PeerId[] => ids as readonly number[] as readonly PeerId[]

/** Basic groups have bare longs there. */
function withIds<T extends { readonly recentRequesters?: readonly UserId[] }>(fields: T) {
  const { recentRequesters, ...rest } = fields
  return recentRequesters === undefined ? rest : { ...rest, recentRequesters: recentRequesters.map(BigInt) }
}

async function chatFullAnswer(
  context: CallContext,
  fullChat: TlType<'ChatFull'>,
  named: readonly PeerId[],
): Promise<Tl<'messages.chatFull'>> {
  const { users, chats: shown } = await renderNamed(context, new Set(named))
  return { _: 'messages.chatFull', fullChat, chats: shown, users }
}

/** What the pages of groups and channels have in common. */
async function sharedFull(context: CallContext, reached: Reached) {
  const { services, user } = context
  const { facts, chatId } = reached
  const mayInvite = may(reached, 'inviteUsers')
  const [notifySettings, pinned, exportedInvite, requests] = await Promise.all([
    notifySettingsOf(services, user, peerIdOfChat(chatId)),
    pinnedIn(context, chatId),
    mayInvite ? permanentInvite(context, chatId) : undefined,
    mayInvite ? pendingRequests(context, chatId) : undefined,
  ])
  const hasRequests = requests !== undefined && requests.requestsPending > 0
  return {
    peers: hasRequests ? peers(requests.recentRequesters) : [],
    fields: {
      notifySettings,
      ...pinned,
      ...(exportedInvite && { exportedInvite }),
      ...(hasRequests && requests),
      ...(facts.ttlSeconds > 0 && { ttlPeriod: facts.ttlSeconds }),
      ...(facts.profile.emoticon !== null && { themeEmoticon: facts.profile.emoticon }),
      availableReactions: chatReactions(facts.reactions),
      ...(facts.reactionsLimit > 0 && { reactionsLimit: facts.reactionsLimit }),
    },
  }
}

export const getFullChannel: Handler<'channels.getFullChannel'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  const { facts, chatId } = reached
  const { services, user } = context
  const [shared, counters, sendAs, looks] = await Promise.all([
    sharedFull(context, reached),
    countersOf(context, chatId),
    facts.kind === 'supergroup' ? defaultSendAs(context, peerIdOfChat(chatId)) : undefined,
    looksOf(context, reached),
  ])
  const { recentRequesters, ...fields } = { recentRequesters: undefined, ...shared.fields }
  const fullChat: Tl<'channelFull'> = {
    _: 'channelFull',
    id: numberOfChat(chatId),
    about: facts.profile.about,
    ...flagsOf(reached),
    ...countsOf(reached),
    ...(mayListMembers(reached) && { onlineCount: await onlineAmong(context, reached) }),
    ...counters,
    chatPhoto: facts.photo === undefined ? NO_PHOTO : stamped(services, user, facts.photo),
    ...fields,
    ...(recentRequesters && { recentRequesters }),
    botInfo: [],
    ...(sendAs !== undefined && { defaultSendAs: renderPeer(sendAs) }),
    ...relationsOf(facts),
    ...looks,
    ...(isAdmin(reached) && { statsDc: services.chats.dataCentreId }),
    ...(await slowModeOf(context, reached)),
  }
  const linked = facts.linkedChatId === undefined ? [] : [peerIdOfChat(facts.linkedChatId)]
  const former = facts.migratedFrom === undefined ? [] : [peerIdOfChat(facts.migratedFrom)]
  return chatFullAnswer(context, fullChat, [
    peerIdOfChat(chatId),
    user as number as PeerId,
    ...linked,
    ...former,
    ...shared.peers,
  ])
}

const NO_PHOTO: TlType<'Photo'> = { _: 'photoEmpty', id: 0n }

function flagsOf(reached: Reached) {
  const { facts } = reached
  return {
    ...(mayListMembers(reached) && { canViewParticipants: true }),
    ...(isCreator(reached) && { canSetUsername: true, canDeleteChannel: true }),
    ...(facts.flags.has('hiddenHistory') && { hiddenPrehistory: true }),
    ...(facts.flags.has('antiSpam') && { antispam: true }),
    ...(facts.flags.has('hiddenMembers') && { participantsHidden: true }),
    ...(isAdmin(reached) && { canViewStats: true }),
  }
}

function countsOf(reached: Reached) {
  const { participants, adminIds, kicked, banned } = reached.facts
  if (!isAdmin(reached)) return { participantsCount: participants }
  return {
    participantsCount: participants,
    adminsCount: adminIds.length,
    kickedCount: kicked,
    bannedCount: banned,
  }
}

function relationsOf(facts: ChatFacts) {
  const { linkedChatId, migratedFrom, slowModeSeconds } = facts
  return {
    ...(linkedChatId !== undefined && { linkedChatId: numberOfChat(linkedChatId) }),
    ...(migratedFrom !== undefined && {
      migratedFromChatId: BigInt(numberOfChat(migratedFrom)),
      migratedFromMaxId: facts.migratedMaxSeq,
    }),
    ...(slowModeSeconds > 0 && { slowmodeSeconds: slowModeSeconds }),
  }
}

/** When the caller may send again. */
async function slowModeOf({ services, user, now }: CallContext, { chatId, facts, isIn, member }: Reached) {
  if (facts.slowModeSeconds === 0 || !isIn || isAdmin({ isIn, member })) return {}
  const row = await services.tables.get(lastSends, { chatId, userId: user })
  const next = (row?.date ?? 0) + facts.slowModeSeconds
  return next > now ? { slowmodeNextSendDate: next } : {}
}

/** How far everybody is: pts, and what the caller has read and others have read of it. */
async function countersOf(context: CallContext, chatId: ChatId) {
  const [dialog] = await channelDialogs(context, [peerIdOfChat(chatId)])
  const channel = dialog?.channel
  if (channel === undefined)
    return { pts: FIRST_CHANNEL_PTS, readInboxMaxId: 0, readOutboxMaxId: 0, unreadCount: 0 }
  const { mailbox, topSeq, pts, readOutSeq } = channel
  const { readSeq, floorSeq } = mailbox
  return {
    pts: Math.max(pts, FIRST_CHANNEL_PTS),
    readInboxMaxId: readSeq,
    readOutboxMaxId: readOutSeq,
    unreadCount: await unreadIn(context.services, mailbox, topSeq),
    ...(floorSeq > 0 && { availableMinId: floorSeq }),
  }
}

/** The newest pinned message; none of a basic group that the caller does not have, or has left. */
async function pinnedIn({ services, user }: CallContext, chatId: ChatId): Promise<{ pinnedMsgId?: number }> {
  const { tables } = services
  const seq = await newestPinnedSeq(tables, chatId)
  if (seq === undefined) return {}
  if (chatKindOf(chatId) === 'channel') return { pinnedMsgId: seq }
  if ((await leftGroups(tables, user, [chatId])).has(chatId)) return {}
  const row = await tables.get(mailboxHistory, { userId: user, peerId: peerIdOfChat(chatId), seq })
  return row === undefined || row.deleted === true ? {} : { pinnedMsgId: row.msgId! }
}
