import { chatIdOf, isChannelPeer, numberOfChat, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { permanentInvites } from '@heliograph/storage'
import { importChatInvite, joinChannel } from '../chats/join.ts'
import { deleteChatUser, leaveChannel } from '../chats/members.ts'
import type { CallContext } from '../handler.ts'
import type { ChatlistLink } from './links.ts'

/** Cannot come into these, and goes on with the others: whoever asked sees by the folder which it is in. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'INVITE_REQUEST_SENT',
  'USER_ALREADY_PARTICIPANT',
  'INVITE_HASH_EXPIRED',
  'INVITE_HASH_INVALID',
  'CHANNEL_PRIVATE',
  'CHANNEL_INVALID',
  'USERS_TOO_MUCH',
])

/**
 * Brings the caller into chats of a link: public ones as anybody comes in, others by the permanent link of whoever made it.
 * @returns those that it is in then
 * @throws RpcError 400 CHANNELS_TOO_MUCH
 */
export async function comeIn(
  context: CallContext,
  link: ChatlistLink,
  peers: readonly PeerId[],
): Promise<PeerId[]> {
  const present: PeerId[] = []
  for (const peer of peers) {
    if (!(await isMember(context, peer))) await enter(context, link, peer)
    if (await isMember(context, peer)) present.push(peer)
  }
  return present
}

async function enter(context: CallContext, link: ChatlistLink, peer: PeerId): Promise<void> {
  try {
    await enterBy(context, link, peer)
  } catch (error) {
    if (!(error instanceof RpcError) || !PASSED_OVER.has(error.errorMessage)) throw error
  }
}

async function enterBy(context: CallContext, link: ChatlistLink, peer: PeerId): Promise<void> {
  const { services, user } = context
  const chatId = chatIdOf(user, peer)
  const facts = await services.chats.find(chatId)
  if (facts !== undefined && isChannelPeer(peer) && facts.username !== undefined) {
    await joinChannel({ _: 'channels.joinChannel', channel: inputChannel(context, peer) }, context)
    return
  }
  const row = await services.tables.get(permanentInvites, { chatId, adminId: link.ownerId })
  const hash = row?.hash
  if (hash) await importChatInvite({ _: 'messages.importChatInvite', hash }, context)
}

export async function isMember({ services, user }: CallContext, peer: PeerId): Promise<boolean> {
  const { member } = await services.chats.view(user, chatIdOf(user, peer))
  return member?.isIn === true
}

function inputChannel({ services, user }: CallContext, peer: PeerId): TlType<'InputChannel'> {
  const chatId = chatIdOf(user, peer)
  return {
    _: 'inputChannel',
    channelId: numberOfChat(chatId),
    accessHash: services.chats.accessHash(user, chatId),
  }
}

/** How the caller names a group or channel. */
export function inputPeerOf({ services, user }: CallContext, peer: PeerId): TlType<'InputPeer'> {
  if (!isChannelPeer(peer)) return { _: 'inputPeerChat', chatId: -peer }
  const chatId = chatIdOf(user, peer)
  const accessHash = services.chats.accessHash(user, chatId)
  return { _: 'inputPeerChannel', channelId: numberOfChat(chatId), accessHash }
}

/** Leaves those of the chats that the caller is in. */
export async function leaveAll(context: CallContext, peers: readonly PeerId[]): Promise<void> {
  for (const peer of peers) {
    if (!(await isMember(context, peer))) continue
    if (isChannelPeer(peer)) {
      await leaveChannel({ _: 'channels.leaveChannel', channel: inputChannel(context, peer) }, context)
    } else {
      const self = { _: 'inputUserSelf' } as const
      await deleteChatUser({ _: 'messages.deleteChatUser', chatId: -peer, userId: self }, context)
    }
  }
}
