import { encodeObject, RpcError } from '@heliograph/schemas/tl'
import { blocked, userChannel } from '@heliograph/storage'
import type { Handler } from '../../handler.ts'
import { inputPeerUserId } from '../../peers.ts'

/** `messages.setTyping`: told to the other side at once, kept nowhere. Who is blocked is not heard, and not told so. */
export const setTyping: Handler<'messages.setTyping'> = async (call, context) => {
  const { services, user } = context
  const peer = inputPeerUserId(call.peer, context)
  if (peer === user) return true
  const block = await services.tables.get(blocked, { userId: peer, peerId: user })
  if (block !== undefined) return true
  if (call.action._ === 'inputSendMessageRichMessageDraftAction') throw new RpcError(400, 'USER_IS_BOT')
  const action = Buffer.from(encodeObject(call.action))
  const record = { type: 'Typing', userId: peer, fromUserId: user, action } as const
  services.bus.publish(userChannel(peer), services.codec.encodeBare(record))
  return true
}
