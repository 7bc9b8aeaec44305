import {
  chatIdOf,
  type FireScheduled,
  isChannelPeer,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { type Counted, countedOf, namedIn, updatesOf } from '../messages/answers.ts'
import { inputPeerId } from '../peers.ts'
import { renderPeer } from '../render/peer.ts'
import { findScheduled, renderScheduled, type Scheduled } from './scheduled.ts'

/** `dueAt` 0: at once, for its sender. */
export function fireCommand(
  senderId: UserId,
  peerId: PeerId,
  { id, randomId, replyToSeq, threadSeq }: Scheduled,
  dueAt: number,
): FireScheduled {
  const chatId = chatIdOf(senderId, peerId)
  return { type: 'FireScheduled', chatId, senderId, id, dueAt, randomId, replyToSeq, threadSeq }
}

/** `messages.sendScheduledMessages`: not to wait any longer. 400 MESSAGE_ID_INVALID where none of them is there. */
export const sendScheduledMessages: Handler<'messages.sendScheduledMessages'> = async (call, context) => {
  const { user, services, caller } = context
  const peerId = inputPeerId(call.peer, context)
  const scheduled = await findScheduled(services, user, peerId, [...new Set(call.id)])
  if (scheduled.length === 0) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  const counted = await Promise.all(
    scheduled.map(async (message) => {
      const command = fireCommand(user, peerId, message, 0)
      return countedOf(await services.commands.ask('chat.commands', command.chatId, command, caller))
    }),
  )
  return sentUpdates(context, peerId, scheduled, counted)
}

async function sentUpdates(
  context: CallContext,
  peerId: PeerId,
  scheduled: readonly Scheduled[],
  counted: readonly Counted[],
): Promise<TlType<'Updates'>> {
  const waiting = await renderScheduled(context.services, context.user, peerId, scheduled)
  const messages = waiting.map((message, index) => sentMessage(message, counted[index]!))
  const kind = isChannelPeer(peerId) ? 'updateNewChannelMessage' : 'updateNewMessage'
  const news = messages.map((message, index): TlType<'Update'> => {
    const { pts, ptsCount } = counted[index]!
    return { _: kind, message, pts, ptsCount }
  })
  const gone: TlType<'Update'> = {
    _: 'updateDeleteScheduledMessages',
    peer: renderPeer(peerId),
    messages: scheduled.map(({ id }) => id),
    sentMessages: counted.map(({ msgId }) => msgId),
  }
  const { users, chats } = await namedIn(context, messages, [context.user, peerId])
  return updatesOf([...news, gone], users, counted[counted.length - 1]!.date, chats)
}

/** The same message under the id and date that it has got now. */
function sentMessage(message: TlType<'Message'>, { msgId: id, date }: Counted): TlType<'Message'> {
  if (message._ !== 'message') return { ...message, id }
  const { editDate: _, ...unedited } = message
  return { ...unedited, id, date }
}

/** `messages.deleteScheduledMessages`: gives them up. */
export const deleteScheduledMessages: Handler<'messages.deleteScheduledMessages'> = async (call, context) => {
  const { user, services, caller, now } = context
  const peerId = inputPeerId(call.peer, context)
  const chatId = chatIdOf(user, peerId)
  const ids = [...new Set(call.id)]
  const command = { type: 'CancelScheduled', chatId, senderId: user, ids } as const
  await services.commands.ask('chat.commands', chatId, command, caller)
  const update = { _: 'updateDeleteScheduledMessages', peer: renderPeer(peerId), messages: ids } as const
  const { users, chats } = await namedIn(context, [], [peerId])
  return updatesOf([update], users, now, chats)
}
