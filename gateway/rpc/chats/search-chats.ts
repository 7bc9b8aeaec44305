import type { PeerId } from '@heliograph/schemas/avro'
import { peerIdOfChat } from '@heliograph/schemas/avro'
import type { CallContext } from '../handler.ts'
import type { RenderedChat } from '../render/chat.ts'
import { chatsOf, renderListed } from './lists.ts'
import { matchesTitle, publicChat } from './named-chats.ts'

export interface FoundChat {
  readonly peerId: PeerId
  readonly chat: RenderedChat
}

/** Groups and channels of the caller by the beginnings of the words of their titles. */
export async function searchOwnChats(
  query: string,
  limit: number,
  context: CallContext,
): Promise<FoundChat[]> {
  const words = query.split(/\s+/)
  const found = (await chatsOf(context)).filter(({ view: { facts } }) =>
    matchesTitle({ title: facts.profile.title, username: facts.username, usernames: facts.usernames }, words),
  )
  const shown = found.slice(0, limit)
  const chats = renderListed(context, shown)
  return shown.map(({ chatId }, i) => ({ peerId: peerIdOfChat(chatId), chat: chats[i]! }))
}

/** The channels among peers that have public names. */
export async function publicChats(peers: readonly PeerId[], context: CallContext): Promise<FoundChat[]> {
  const chats = await Promise.all(peers.map((peer) => publicChat(context, peer)))
  return peers.flatMap((peerId, i) => (chats[i] === undefined ? [] : [{ peerId, chat: chats[i] }]))
}
