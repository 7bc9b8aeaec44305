import { type ChatId, peerIdOfChat } from '@heliograph/schemas/avro'
import { chatMembers, userChats } from '@heliograph/storage'
import { reachChannel, requireBroadcast } from '../chats/reach.ts'
import { publicChats } from '../chats/search-chats.ts'
import type { CallContext, Handler } from '../handler.ts'
import { listPublicChats } from './public-chats.ts'

/** Members of a channel whose other channels are looked at, and how many of each. */
export const MAX_SAMPLE = 100
const MAX_CHATS_EACH = 200
/** A channel is named where so many of them are in it: fewer could tell of a single one. */
export const MIN_COMMON = 3
const MAX_RECOMMENDED = 20
/** Channels of the caller that are gone by where it names none. */
const MAX_OWN = 5

/**
 * `channels.getChannelRecommendations`: public channels that have many members in common with the given one, or with those that
 * the caller is in. @throws RpcError 400 CHANNEL_INVALID for a group
 */
export const getChannelRecommendations: Handler<'channels.getChannelRecommendations'> = async (
  call,
  context,
) => {
  const own = await chatsOfUser(context, context.user)
  const isOpen = new Set(
    (await listPublicChats(context.services))
      .filter(({ kind }) => kind === 'broadcast')
      .map(({ chatId }) => chatId),
  )
  const sources =
    call.channel === undefined
      ? own.filter((chatId) => isOpen.has(chatId)).slice(0, MAX_OWN)
      : [await sourceOf(context, call.channel)]
  const common = await commonChannels(context, sources)
  const known = new Set([...own, ...sources])
  const best = [...common]
    .filter(([chatId, members]) => members >= MIN_COMMON && isOpen.has(chatId) && !known.has(chatId))
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_RECOMMENDED)
  const found = await publicChats(
    best.map(([chatId]) => peerIdOfChat(chatId)),
    context,
  )
  return { _: 'messages.chats', chats: found.map(({ chat }) => chat) }
}

type Channel = NonNullable<Parameters<typeof getChannelRecommendations>[0]['channel']>

async function sourceOf(context: CallContext, channel: Channel): Promise<ChatId> {
  const reached = await reachChannel(context, channel)
  requireBroadcast(reached, 'CHANNEL_INVALID')
  return reached.chatId
}

async function chatsOfUser({ services }: CallContext, userId: number): Promise<ChatId[]> {
  const rows = await services.tables.range(userChats, { userId }, { limit: MAX_CHATS_EACH })
  return rows.map(({ chatId }) => chatId as ChatId)
}

/** How many of some members of these channels are in each other chat. */
async function commonChannels(
  context: CallContext,
  sources: readonly ChatId[],
): Promise<ReadonlyMap<ChatId, number>> {
  const members = new Set<number>()
  for (const chatId of sources) {
    const rows = await context.services.tables.range(chatMembers, { chatId }, { limit: 2 * MAX_SAMPLE })
    for (const { peerId, isIn } of rows) {
      if (isIn === true && peerId! > 0 && peerId !== context.user && members.size < MAX_SAMPLE)
        members.add(peerId!)
    }
  }
  const counts = new Map<ChatId, number>()
  const theirs = await Promise.all([...members].map((userId) => chatsOfUser(context, userId)))
  for (const chatId of theirs.flat()) counts.set(chatId, (counts.get(chatId) ?? 0) + 1)
  return counts
}
