import type { ChatFlag } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { inputPeerId } from '../peers.ts'
import { setPrivateTimer } from '../scheduled/timer.ts'
import { requireTtl } from './names.ts'
import { editChat } from './profile.ts'
import { type Reached, reachChannel, reachPeer, requireBroadcast, requireSupergroup } from './reach.ts'
import { chatReactions, storedReactions } from './reactions.ts'
import type { LogAction } from './sealed.ts'

/** Delays of the slow mode that clients offer, seconds. */
const SLOW_MODES: readonly number[] = [0, 5, 10, 30, 60, 300, 900, 3600]
/** Members that a group must have before it may hide them. */
const MIN_HIDDEN_MEMBERS = 100

/** Sets or clears flags of a chat; that nothing changes is 400 CHAT_NOT_MODIFIED, to those who may change them. */
export async function toggle(
  context: CallContext,
  reached: Reached,
  flags: Partial<Record<ChatFlag, boolean>>,
  log: LogAction | undefined,
  action?: TlType<'MessageAction'>,
): Promise<TlType<'Updates'>> {
  const wanted = Object.entries(flags) as [ChatFlag, boolean][]
  const setFlags = wanted.filter(([, on]) => on).map(([flag]) => flag)
  const clearFlags = wanted.filter(([, on]) => !on).map(([flag]) => flag)
  return editChat(context, reached, 'flags', { setFlags, clearFlags }, log, action)
}

export const toggleSignatures: Handler<'channels.toggleSignatures'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireBroadcast(reached)
  const signatures = call.signaturesEnabled === true
  const signatureProfiles = call.profilesEnabled === true
  const isOfProfiles = signatureProfiles !== reached.facts.flags.has('signatureProfiles')
  const log: LogAction = isOfProfiles
    ? { _: 'channelAdminLogEventActionToggleSignatureProfiles', newValue: signatureProfiles }
    : { _: 'channelAdminLogEventActionToggleSignatures', newValue: signatures }
  return toggle(context, reached, { signatures, signatureProfiles }, log)
}

export const togglePreHistoryHidden: Handler<'channels.togglePreHistoryHidden'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached)
  const { facts } = reached
  if (call.enabled && facts.linkedChatId !== undefined) throw new RpcError(400, 'CHAT_LINK_EXISTS')
  if (call.enabled && facts.flags.has('forum')) throw new RpcError(400, 'FORUM_ENABLED')
  const newValue = call.enabled
  return toggle(
    context,
    reached,
    { hiddenHistory: newValue },
    { _: 'channelAdminLogEventActionTogglePreHistoryHidden', newValue },
  )
}

export const toggleSlowMode: Handler<'channels.toggleSlowMode'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached)
  if (!SLOW_MODES.includes(call.seconds)) throw new RpcError(400, 'SECONDS_INVALID')
  const prevValue = reached.facts.slowModeSeconds
  const log: LogAction = {
    _: 'channelAdminLogEventActionToggleSlowMode',
    prevValue,
    newValue: call.seconds,
  }
  return editChat(context, reached, 'slow-mode', { slowModeSeconds: call.seconds }, log)
}

/** Only a channel's discussion group may want its writers to join; the log has no action for it. */
export const toggleJoinToSend: Handler<'channels.toggleJoinToSend'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached)
  return toggle(context, reached, { joinToSend: call.enabled }, undefined)
}

export const toggleJoinRequest: Handler<'channels.toggleJoinRequest'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached)
  const { username, linkedChatId } = reached.facts
  if (call.enabled && username === undefined && linkedChatId === undefined)
    throw new RpcError(400, 'CHAT_PUBLIC_REQUIRED')
  const log: LogAction = { _: 'channelAdminLogEventActionToggleInvites', newValue: !call.enabled }
  return toggle(context, reached, { joinRequest: call.enabled }, log)
}

export const toggleAntiSpam: Handler<'channels.toggleAntiSpam'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached, 'CHANNEL_INVALID')
  const log: LogAction = { _: 'channelAdminLogEventActionToggleAntiSpam', newValue: call.enabled }
  return toggle(context, reached, { antiSpam: call.enabled }, log)
}

export const toggleParticipantsHidden: Handler<'channels.toggleParticipantsHidden'> = async (
  call,
  context,
) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached)
  if (call.enabled && reached.facts.participants < MIN_HIDDEN_MEMBERS)
    throw new RpcError(400, 'PARTICIPANTS_TOO_FEW')
  return toggle(context, reached, { hiddenMembers: call.enabled }, undefined)
}

export const toggleAutotranslation: Handler<'channels.toggleAutotranslation'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireBroadcast(reached, 'CHANNEL_INVALID')
  const log: LogAction = { _: 'channelAdminLogEventActionToggleAutotranslation', newValue: call.enabled }
  return toggle(context, reached, { autotranslation: call.enabled }, log)
}

export const toggleForum: Handler<'channels.toggleForum'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached)
  if (call.enabled && reached.facts.linkedChatId !== undefined)
    throw new RpcError(400, 'CHAT_DISCUSSION_UNALLOWED')
  const log: LogAction = { _: 'channelAdminLogEventActionToggleForum', newValue: call.enabled }
  return toggle(context, reached, { forum: call.enabled, forumTabs: call.enabled && call.tabs }, log)
}

export const toggleNoForwards: Handler<'messages.toggleNoForwards'> = async (call, context) => {
  const reached = await reachPeer(context, call.peer)
  const log: LogAction = { _: 'channelAdminLogEventActionToggleNoForwards', newValue: call.enabled }
  return toggle(context, reached, { noForwards: call.enabled }, log)
}

export const setHistoryTtl: Handler<'messages.setHistoryTTL'> = async (call, context) => {
  const period = requireTtl(call.period)
  const peerId = inputPeerId(call.peer, context)
  if (peerId > 0) return setPrivateTimer(context, peerId, period)
  const reached = await reachPeer(context, call.peer)
  const prevValue = reached.facts.ttlSeconds
  const log: LogAction = {
    _: 'channelAdminLogEventActionChangeHistoryTTL',
    prevValue,
    newValue: period,
  }
  const action = { _: 'messageActionSetMessagesTTL', period } as const
  return editChat(context, reached, 'ttl', { ttlSeconds: period }, log, action)
}

export const setChatAvailableReactions: Handler<'messages.setChatAvailableReactions'> = async (
  call,
  context,
) => {
  const reached = await reachPeer(context, call.peer)
  const { facts } = reached
  const reactions = storedReactions(call.availableReactions)
  const limit = call.reactionsLimit ?? facts.reactionsLimit
  const log: LogAction = {
    _: 'channelAdminLogEventActionChangeAvailableReactions',
    prevValue: chatReactions(facts.reactions),
    newValue: chatReactions(reactions),
  }
  const change = {
    reactions: reactions === undefined ? null : [...reactions],
    allReactions: reactions === undefined,
    reactionsLimit: limit,
  }
  return editChat(context, reached, 'reactions', change, log)
}
