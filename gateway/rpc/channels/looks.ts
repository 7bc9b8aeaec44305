import { encodeObject, RpcError, rpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { editChat } from '../chats/profile.ts'
import { reachChannel, requireAdmin, requireSupergroup } from '../chats/reach.ts'
import type { LogAction } from '../chats/sealed.ts'
import { sealChatProfile } from '../directory/chat-facts.ts'
import type { CallContext, Handler } from '../handler.ts'

const NO_COLOR: Tl<'peerColor'> = { _: 'peerColor' }
/** Colours that clients have. */
const MAX_COLOR = 20

/** The colour of a channel's name, or of its page; boosts are not asked for. */
export const updateColor: Handler<'channels.updateColor'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  const { color, backgroundEmojiId } = call
  if (color !== undefined && (color < 0 || color > MAX_COLOR)) throw new RpcError(400, 'COLOR_INVALID')
  const { facts, chatId } = reached
  const isOfProfile = call.forProfile === true
  const isNone = color === undefined && backgroundEmojiId === undefined
  const value: Tl<'peerColor'> = {
    _: 'peerColor',
    ...(color !== undefined && { color }),
    ...(backgroundEmojiId !== undefined && { backgroundEmojiId }),
  }
  const bytes = isNone ? null : Buffer.from(encodeObject(value))
  const change = isOfProfile ? { profileColor: bytes } : { color: bytes }
  const profile = await sealChatProfile(context.services, chatId, { ...facts.profile, ...change })
  const prevValue = (isOfProfile ? facts.profileColor : facts.color) ?? NO_COLOR
  return editChat(context, reached, 'color', { profile }, colorLog(isOfProfile, prevValue, value))
}

function colorLog(
  isOfProfile: boolean,
  prevValue: TlType<'PeerColor'>,
  newValue: Tl<'peerColor'>,
): LogAction {
  const _ = isOfProfile
    ? 'channelAdminLogEventActionChangeProfilePeerColor'
    : 'channelAdminLogEventActionChangePeerColor'
  return { _, prevValue, newValue }
}

/** Places of groups are not kept. */
export const editLocation: Handler<'channels.editLocation'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached, 'MEGAGROUP_REQUIRED')
  requireAdmin(reached)
  if (call.geoPoint._ === 'inputGeoPointEmpty') throw new RpcError(400, 'CHAT_NOT_MODIFIED')
  throw new RpcError(400, 'MEGAGROUP_GEO_REQUIRED')
}

/** Nothing is ever taken for spam here. */
export const reportAntiSpamFalsePositive: Handler<'channels.reportAntiSpamFalsePositive'> = async (
  call,
  context,
) => {
  requireAdmin(await reachChannel(context, call.channel))
  return true
}

/** What needs boosts or stars, of which this server has none. */
export const needsBoosts = async (
  call: { readonly channel: TlType<'InputChannel'> },
  context: CallContext,
): Promise<never> => {
  await reachChannel(context, call.channel)
  throw rpcError('BOOSTS_REQUIRED')
}
