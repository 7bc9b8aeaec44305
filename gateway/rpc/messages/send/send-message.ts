import { RpcError } from '@heliograph/schemas/tl'
import type { Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { textContent } from '../content.ts'
import { composeText, mentionResolver } from '../text/compose.ts'
import { checkSendRequest, contentFlags, send } from './send.ts'

/** `messages.sendMessage`: a text to a user or to oneself (Saved Messages). */
export const sendMessage: Handler<'messages.sendMessage'> = (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  checkSendRequest(call)
  const { text, entities } = composeText(call.message, call.entities, mentionResolver(context))
  if (text === '') throw new RpcError(400, 'MESSAGE_EMPTY')
  const content = { ...textContent(text, entities), flags: contentFlags(call) }
  return send(context, peerId, call, content)
}
