import { type PeerId, peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { type Reached, reachPeer } from '../chats/reach.ts'
import type { CallContext } from '../handler.ts'

/** A forum that the caller may see. */
export type Forum = Reached & { readonly peerId: PeerId }

/** @throws RpcError 400 CHANNEL_FORUM_MISSING for other chats, and as `reachPeer` */
export async function reachForum(context: CallContext, peer: TlType<'InputPeer'>): Promise<Forum> {
  const reached = await reachPeer(context, peer)
  if (!reached.facts.flags.has('forum')) throw new RpcError(400, 'CHANNEL_FORUM_MISSING')
  return { ...reached, peerId: peerIdOfChat(reached.chatId) }
}
