import {
  type BusRecord,
  type ChatId,
  chatIdOf,
  type PeerId,
  SERVICE_USER_ID,
  type UserId,
} from '@heliograph/schemas/avro'
import { encodeObject, RpcError } from '@heliograph/schemas/tl'
import { blocked, chatChannel, userChannel } from '@heliograph/storage'
import { requireMayWriteIn } from '../../chats/may-write.ts'
import { reach } from '../../chats/reach.ts'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { postingIn } from '../send/posting.ts'

type TypingCall = Parameters<Handler<'messages.setTyping'>>[0]

/**
 * `messages.setTyping`: told to the other side, or to everybody in a group or channel, at once and kept nowhere. Who may not
 * write there may not be seen typing either: 400 INPUT_USER_DEACTIVATED, USER_IS_BLOCKED, USER_BANNED_IN_CHANNEL,
 * CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN.
 */
export const setTyping: Handler<'messages.setTyping'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  if (call.action._ === 'inputSendMessageRichMessageDraftAction') throw new RpcError(400, 'USER_IS_BOT')
  if (peerId < 0) return typingInChat(context, call, peerId)
  const { services, user } = context
  const peer = peerId as number as UserId
  if (peer === user || peer === SERVICE_USER_ID) return true
  const [block, [view]] = await Promise.all([
    services.tables.get(blocked, { userId: peer, peerId: user }),
    services.directory.views(user, [peer]),
  ])
  if (view?.facts?.deleted === true) throw new RpcError(400, 'INPUT_USER_DEACTIVATED')
  if (block !== undefined) throw new RpcError(400, 'USER_IS_BLOCKED')
  const action = Buffer.from(encodeObject(call.action))
  publish(context, userChannel(peer), { type: 'Typing', userId: peer, fromUserId: user, action })
  return true
}

async function typingInChat(context: CallContext, call: TypingCall, peerId: PeerId): Promise<true> {
  const chatId: ChatId = chatIdOf(context.user, peerId)
  const reached = await reach(context, chatId)
  requireMayWriteIn(reached, context.now)
  // In broadcasts nobody is seen typing.
  if (reached.facts.kind === 'broadcast') return true
  const { postAs } = await postingIn(context, chatId, peerId, undefined)
  const action = Buffer.from(encodeObject(call.action))
  const fromPeerId = postAs ?? (context.user as number as PeerId)
  const threadSeq = call.topMsgId ?? 0
  publish(context, chatChannel(chatId), { type: 'ChatTyping', chatId, fromPeerId, threadSeq, action })
  return true
}

function publish({ services }: CallContext, channel: string, record: BusRecord): void {
  services.bus.publish(channel, services.codec.encodeBare(record))
}
