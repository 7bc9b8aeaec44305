import { type ChatId, peerIdOfChat } from '@heliograph/schemas/avro'
import { rpcError, type TlType } from '@heliograph/schemas/tl'
import { leftChats } from '@heliograph/storage'
import type { Handler } from '../handler.ts'
import { isShutOut, renderChat } from '../render/chat.ts'

/** Channels that are told of at once, and of all. */
export const MAX_LEFT_PAGE = 100
const MAX_LEFT = 1_000

/** `channels.getLeftChannels`: to a take-out only, in the order of their ids. */
export const getLeftChannels: Handler<'channels.getLeftChannels'> = async ({ offset }, context) => {
  const { services, user, now, caller } = context
  if (caller.takeoutId === undefined) throw rpcError('TAKEOUT_REQUIRED')
  const rows = await services.tables.range(leftChats, { userId: user }, { limit: MAX_LEFT })
  const ids = rows.map(({ chatId }) => chatId as ChatId)
  const views = await services.chats.views(user, ids)
  const left = ids.flatMap((chatId, i): TlType<'Chat'>[] => {
    const view = views[i]!
    const { facts, member } = view
    if (facts === undefined || member?.isIn === true || isShutOut(facts, member, now)) return []
    return [renderChat(services, user, peerIdOfChat(chatId), view, now)]
  })
  const from = Math.max(0, offset)
  const chats = left.slice(from, from + MAX_LEFT_PAGE)
  if (chats.length === left.length) return { _: 'messages.chats', chats }
  return { _: 'messages.chatsSlice', count: left.length, chats }
}
