import { type PeerId, peerIdOfChat, type UserId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { isCreator, reachChannel, requireBroadcast } from '../chats/reach.ts'
import { type Handler, type Handlers, works } from '../handler.ts'
import { decodePeers, encodePeers } from '../messages/dialogs/pinned.ts'
import { inputPeerId } from '../peers.ts'
import type { Services } from '../services.ts'
import { readSetting, writeSetting } from '../settings.ts'

/** What a user puts on its own page, beside its profile. */
const PERSONAL_CHANNEL = 'personal-channel'
const NO_TRANSLATIONS = 'no-translations:'
const YES = Buffer.from([1])

/** The channel on a user's page, as a peer; undefined for none. */
export async function personalChannel(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<PeerId | undefined> {
  const value = await readSetting(services, userId, PERSONAL_CHANNEL)
  return value && decodePeers(value)[0]
}

/** `account.updatePersonalChannel`: a public channel of the caller's own; 400 CHANNEL_INVALID for others. */
const updatePersonalChannel: Handler<'account.updatePersonalChannel'> = async (call, context) => {
  if (call.channel._ === 'inputChannelEmpty') {
    await writeSetting(context, PERSONAL_CHANNEL, null)
    return true
  }
  const reached = await reachChannel(context, call.channel)
  requireBroadcast(reached, 'CHANNEL_INVALID')
  if (!isCreator(reached) || reached.facts.username === undefined) throw new RpcError(400, 'CHANNEL_INVALID')
  await writeSetting(context, PERSONAL_CHANNEL, encodePeers([peerIdOfChat(reached.chatId)]))
  return true
}

/** `messages.togglePeerTranslations`: whether clients offer to translate a chat. */
const togglePeerTranslations: Handler<'messages.togglePeerTranslations'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  await writeSetting(context, NO_TRANSLATIONS + peerId, call.disabled === true ? YES : null)
  return true
}

export async function translationsDisabled(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
  peer: PeerId,
): Promise<boolean> {
  return (await readSetting(services, userId, NO_TRANSLATIONS + peer)) !== undefined
}

/** `contacts.blockFromReplies`: there are no messages of the replies bot, which this names. */
const blockFromReplies: Handler<'contacts.blockFromReplies'> = (): TlType<'Updates'> => {
  throw new RpcError(400, 'MSG_ID_INVALID')
}

export const pageHandlers: Handlers = {
  'account.updatePersonalChannel': works(updatePersonalChannel),
  'messages.togglePeerTranslations': works(togglePeerTranslations),
  'contacts.blockFromReplies': works(blockFromReplies),
}
