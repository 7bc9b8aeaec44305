import {
  type ChatId,
  type ChatTyping,
  type ChatUpdate,
  chatKindOf,
  isChannelPeer,
  numberOfChat,
  type PeerId,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import { decodeObject, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { ChatFacts } from '../rpc/directory/chat-facts.ts'
import { updatesOf } from '../rpc/messages/answers.ts'
import { minChannel, type RenderedChat } from '../rpc/render/chat.ts'
import { renderMinUsers } from '../rpc/render/min-user.ts'
import { renderPeer } from '../rpc/render/peer.ts'
import { nowSeconds, type PushServices } from './mailbox-update.ts'

/** Nobody: whoever gets what is rendered for it is neither sender nor mentioned. */
export const NEUTRAL = 0 as UserId

/** What happened in a channel as an update, for all alike; undefined for what is told otherwise, or to some only. */
export function channelUpdate(update: ChatUpdate): TlType<'Update'> | undefined {
  const { chatId, kind, pts, ptsCount, seqs, seq, data } = update
  const channelId = numberOfChat(chatId)
  switch (kind) {
    case 'delete':
      return { _: 'updateDeleteChannelMessages', channelId, messages: seqs, pts, ptsCount }
    case 'pin':
      return { _: 'updatePinnedChannelMessages', pinned: true, channelId, messages: seqs, pts, ptsCount }
    case 'unpin':
      return { _: 'updatePinnedChannelMessages', channelId, messages: seqs, pts, ptsCount }
    case 'read-out':
      return chatKindOf(chatId) === 'channel'
        ? { _: 'updateReadChannelOutbox', channelId, maxId: seq }
        : undefined
    case 'pinned-topics':
      return { _: 'updatePinnedForumTopics', peer: { _: 'peerChannel', channelId }, order: seqs }
    case 'contents':
      return { _: 'updateChannelReadMessagesContents', channelId, messages: seqs }
    case 'info':
      return chatKindOf(chatId) === 'channel'
        ? { _: 'updateChannel', channelId }
        : { _: 'updateChat', chatId: channelId }
    default:
      return data === null ? undefined : (decodeObject(data) as TlType<'Update'>)
  }
}

/** Everybody that an update names, for all alike: users and channels in their `min` form; basic groups are nobody's alike. */
export function neutrally(
  services: PushServices,
  told: TlType<'Update'>,
  peers: Iterable<PeerId>,
  date: number,
): Tl<'updates'> | Promise<Tl<'updates'>> {
  const userIds: UserId[] = []
  const channels: PeerId[] = []
  for (const peer of peers) {
    if (peer > 0) userIds.push(peer as number as UserId)
    else if (isChannelPeer(peer)) channels.push(peer)
  }
  const users = renderMinUsers(services.directory, userIds)
  const chats = minChannels(services, channels)
  if (!(users instanceof Promise) && !(chats instanceof Promise)) return updatesOf([told], users, date, chats)
  return Promise.all([users, chats]).then(([loadedUsers, loadedChats]) =>
    updatesOf([told], loadedUsers, date, loadedChats),
  )
}

function minChannels(
  services: PushServices,
  peers: readonly PeerId[],
): RenderedChat[] | Promise<RenderedChat[]> {
  const rendered: RenderedChat[] = []
  for (const peer of peers) {
    const facts = services.chats.cachedFacts(chatIdOfPeer(peer))
    if (facts === undefined) return loadMinChannels(services, peers)
    rendered.push(minChannel(services, facts))
  }
  return rendered
}

async function loadMinChannels(services: PushServices, peers: readonly PeerId[]): Promise<RenderedChat[]> {
  const found = await Promise.all(peers.map((peer) => services.chats.find(chatIdOfPeer(peer))))
  return found
    .filter((facts): facts is ChatFacts => facts !== undefined)
    .map((facts) => minChannel(services, facts))
}

const chatIdOfPeer = (peer: PeerId): ChatId => {
  const rendered = renderPeer(peer)
  return (rendered._ === 'peerChannel' ? `c${rendered.channelId}` : `g${-peer}`) as ChatId
}

/** Somebody types, for all alike. */
export function typingUpdates(
  services: PushServices,
  { chatId, fromPeerId, threadSeq, action }: ChatTyping,
): Tl<'updates'> | Promise<Tl<'updates'>> {
  const fromId = renderPeer(fromPeerId)
  const decoded = decodeObject(action) as TlType<'SendMessageAction'>
  const id = numberOfChat(chatId)
  const told: TlType<'Update'> =
    chatKindOf(chatId) === 'group'
      ? { _: 'updateChatUserTyping', chatId: id, fromId, action: decoded }
      : {
          _: 'updateChannelUserTyping',
          channelId: id,
          fromId,
          action: decoded,
          ...(threadSeq > 0 && { topMsgId: threadSeq }),
        }
  return neutrally(services, told, [fromPeerId, peerIdOfChat(chatId)], nowSeconds(services))
}
