import { peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { Handler } from '../../handler.ts'
import { topOf } from '../../messages/mailbox/extent.ts'
import type { HistoryEntry } from '../../messages/mailbox/history.ts'
import { locateIn } from '../../messages/mailbox/locate.ts'
import { openChannel } from '../../messages/mailbox/open.ts'
import { newestPinnedSeq } from '../../messages/mailbox/pinned.ts'
import { renderEntries } from '../../messages/mailbox/rendered.ts'
import { answerChannelPage } from '../../messages/read/history.ts'
import { inputChannelId } from '../../peers.ts'

const MAX_IDS = 200

/**
 * `channels.getMessages`: messages of one channel by id, those that they answer, or the newest that is pinned; `messageEmpty` for
 * what is not there.
 */
export const getMessages: Handler<'channels.getMessages'> = async (call, context) => {
  if (call.id.length === 0) throw new RpcError(400, 'MESSAGE_IDS_EMPTY')
  if (call.id.length > MAX_IDS) throw new RpcError(400, 'MSG_ID_INVALID')
  const chatId = inputChannelId(call.channel, context)
  const channel = await openChannel(context, peerIdOfChat(chatId))
  const newest = call.id.some(isPinned) ? await newestPinnedSeq(context.services.tables, chatId) : undefined
  const named = await locateIn(
    channel,
    call.id.map((input) => (isPinned(input) ? (newest ?? 0) : idOf(input))),
  )
  const answered = call.id.map((input, i) =>
    input._ === 'inputMessageReplyTo' ? (named[i]?.replyToMsgId ?? 0) : 0,
  )
  const targets = answered.some((id) => id !== 0) ? await locateIn(channel, answered) : []
  const entries = named.map((entry, i) => (call.id[i]!._ === 'inputMessageReplyTo' ? targets[i] : entry))
  const found = entries.filter((entry): entry is HistoryEntry => entry !== undefined)
  const rendered = await renderEntries(context.services, context.user, found)
  let next = 0
  const messages = entries.map(
    (entry, i): TlType<'Message'> =>
      entry === undefined ? { _: 'messageEmpty', id: idOf(call.id[i]!) } : rendered[next++]!,
  )
  const { pts } = await topOf(channel)
  return answerChannelPage(context, messages, { count: messages.length, exact: true }, pts, channel.peerId)
}

const idOf = (input: TlType<'InputMessage'>): number => ('id' in input ? input.id : 0)
const isPinned = (input: TlType<'InputMessage'>): boolean => input._ === 'inputMessagePinned'
