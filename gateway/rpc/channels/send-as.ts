import { chatIdOf, isChannelPeer, type PeerId, peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { chatsOf } from '../chats/lists.ts'
import { may, type Reached, reach } from '../chats/reach.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderNamed } from '../messages/answers.ts'
import { inputPeerId } from '../peers.ts'
import { renderPeer } from '../render/peer.ts'
import { readSetting, writeSetting } from '../settings.ts'

const DEFAULT_PREFIX = 'send-as:'

/** In whose name the caller may write in a group: its own, as an anonymous administrator the group's, its public channels'. */
export const getSendAs: Handler<'channels.getSendAs'> = async (call, context) => {
  const peers = await sendAsPeers(context, inputPeerId(call.peer, context, chatError(call.peer)))
  return {
    _: 'channels.sendAsPeers',
    peers: peers.map((peer): Tl<'sendAsPeer'> => ({ _: 'sendAsPeer', peer: renderPeer(peer) })),
    ...(await renderNamed(context, peers)),
  }
}

const chatError = ({ _ }: TlType<'InputPeer'>): string =>
  _ === 'inputPeerChat' ? 'CHAT_ID_INVALID' : 'PEER_ID_INVALID'

async function sendAsPeers(context: CallContext, peer: PeerId): Promise<PeerId[]> {
  const own = context.user as number as PeerId
  if (peer > 0) return [own]
  const reached = await reach(context, chatIdOf(context.user, peer))
  if (!isChannelPeer(peer)) return [own]
  if (reached.facts.kind === 'broadcast') return [peer]
  if (reached.isIn && may(reached, 'anonymous')) return [peer]
  return [own, ...(await ownChannels(context, reached))]
}

/** Channels of the caller with a public name; the channel that the group discusses without one too. */
async function ownChannels(context: CallContext, { facts }: Reached): Promise<PeerId[]> {
  const all = await chatsOf(context)
  return all
    .filter(({ chatId, view }) => {
      const isOwn = view.facts.kind === 'broadcast' && view.facts.creatorId === context.user
      return isOwn && (view.facts.username !== undefined || chatId === facts.linkedChatId)
    })
    .map(({ chatId }) => peerIdOfChat(chatId))
}

/** Remembers the choice for a chat; pages of the chat tell it. */
export const saveDefaultSendAs: Handler<'messages.saveDefaultSendAs'> = async (call, context) => {
  const peer = inputPeerId(call.peer, context)
  const sendAs = inputPeerId(call.sendAs, context, 'SEND_AS_PEER_INVALID')
  if (!(await sendAsPeers(context, peer)).includes(sendAs)) throw new RpcError(400, 'SEND_AS_PEER_INVALID')
  const isOwn = sendAs === (context.user as number)
  await writeSetting(context, DEFAULT_PREFIX + peer, isOwn ? null : Buffer.from(String(sendAs)))
  return true
}

/** What was chosen for a chat; undefined for oneself. */
export async function defaultSendAs(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  peer: PeerId,
): Promise<PeerId | undefined> {
  const value = await readSetting(services, user, DEFAULT_PREFIX + peer)
  return value === undefined ? undefined : (Number(value.toString()) as PeerId)
}
