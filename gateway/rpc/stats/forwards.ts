import { type ChatId, type PeerId, peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { messages, postForwards } from '@heliograph/storage'
import { pageLimit } from '../chats/page-limit.ts'
import type { CallContext, Handler } from '../handler.ts'
import { namedIn } from '../messages/answers.ts'
import { channelEntry, type HistoryEntry, type MessageRow } from '../messages/mailbox/history.ts'
import { renderEntries } from '../messages/mailbox/rendered.ts'
import { isShutOut } from '../render/chat.ts'
import { messageIn, reachStats } from './access.ts'

const MAX_FORWARDS = 100
/** Copies that are looked at, the newest. */
const MAX_LOOKED_AT = 2_000

/** `stats.getMessagePublicForwards`: copies of a post in channels and groups that are open to all, newest first. */
export const getMessagePublicForwards: Handler<'stats.getMessagePublicForwards'> = async (call, context) => {
  const reached = await reachStats(context, call.channel, 400)
  const { seq } = await messageIn(context, reached, call.msgId)
  const offset = offsetOf(call.offset)
  const copies = await publicCopies(context, reached.chatId, seq)
  const limit = pageLimit(call.limit, MAX_FORWARDS)
  const page = copies.slice(offset, offset + limit)
  const shown = await renderEntries(context.services, context.user, page)
  const forwards = shown.map(
    (message): Tl<'publicForwardMessage'> => ({ _: 'publicForwardMessage', message }),
  )
  const next = offset + page.length
  return {
    _: 'stats.publicForwards',
    count: copies.length,
    forwards,
    ...(next < copies.length && { nextOffset: String(next) }),
    ...(await namedIn(context, shown)),
  }
}

function offsetOf(offset: string): number {
  if (!/^\d{0,6}$/.test(offset)) throw new RpcError(400, 'OFFSET_INVALID')
  return Number(offset)
}

/** Those that are still there, in chats that everybody may read and the caller too. */
async function publicCopies(
  { services, user, now }: CallContext,
  postChatId: ChatId,
  postSeq: number,
): Promise<HistoryEntry[]> {
  const { tables, chats } = services
  const range = { descending: true, limit: MAX_LOOKED_AT }
  const places = await tables.range(postForwards, { postChatId, postSeq }, range)
  const chatIds = [...new Set(places.map(({ chatId }) => chatId as ChatId))]
  const views = await chats.views(user, chatIds)
  const isOpen = new Set(
    chatIds.filter((_, i) => {
      const { facts, member } = views[i]!
      return facts?.username !== undefined && !isShutOut(facts, member, now)
    }),
  )
  const open = places.filter(({ chatId }) => isOpen.has(chatId as ChatId))
  const rows = await tables.getMany(
    open.map(({ chatId, seq }) => ({ table: messages, key: { chatId: chatId!, seq: seq! } })),
  )
  return rows.flatMap((row, i) => {
    if (row === undefined) return []
    const peerId: PeerId = peerIdOfChat(open[i]!.chatId as ChatId)
    return [channelEntry(user, peerId, row as MessageRow)]
  })
}
