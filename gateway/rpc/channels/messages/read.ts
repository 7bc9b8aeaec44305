import { chatIdOf, MAX_MENTIONS_PER_COMMAND, type MessageSeq, peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import type { Handler } from '../../handler.ts'
import { openChannel } from '../../messages/mailbox/open.ts'
import { markChannelRead } from '../../messages/read/channel-read.ts'
import { unseenOf } from '../../messages/read/contents.ts'
import { inputChannelId } from '../../peers.ts'

/** `channels.readHistory`: everything up to `max_id`; 0 means all. */
export const readHistory: Handler<'channels.readHistory'> = async (call, context) => {
  const channel = await openChannel(context, peerIdOfChat(inputChannelId(call.channel, context)))
  await markChannelRead(context, channel, call.maxId)
  return true
}

/** `channels.readMessageContents`: the caller has seen what is in these messages, mentions of it among them. */
export const readMessageContents: Handler<'channels.readMessageContents'> = async (call, context) => {
  if (call.id.length > MAX_MENTIONS_PER_COMMAND) throw new RpcError(400, 'MSG_ID_INVALID')
  const { services, user, caller } = context
  const channel = await openChannel(context, peerIdOfChat(inputChannelId(call.channel, context)))
  const chatId = chatIdOf(user, channel.peerId)
  const seqs = await unseenOf(context, chatId, [...new Set(call.id)] as MessageSeq[])
  if (seqs.length === 0) return true
  const command = { type: 'ReadMentions', chatId, userId: user, seqs } as const
  await services.commands.ask('chat.commands', chatId, command, caller)
  return true
}
