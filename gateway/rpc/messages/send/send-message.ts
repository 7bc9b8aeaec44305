import { RpcError } from '@heliograph/schemas/tl'
import type { Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { requireMayWrite } from '../../privacy/ask.ts'
import { textContent } from '../content.ts'
import { composeText, mentionResolver } from '../text/compose.ts'
import { checkSendRequest, contentFlags, send } from './send.ts'

/** The code that this method's errors give PRIVACY_PREMIUM_REQUIRED. */
const PREMIUM_REQUIRED_CODE = 406

/** `messages.sendMessage`: a text to a user or to oneself (Saved Messages). */
export const sendMessage: Handler<'messages.sendMessage'> = (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  checkSendRequest(call)
  const { text, entities } = composeText(call.message, call.entities, mentionResolver(context))
  if (text === '') throw new RpcError(400, 'MESSAGE_EMPTY')
  const content = { ...textContent(text, entities), flags: contentFlags(call) }
  const asked = requireMayWrite(context.services, context.user, peerId, PREMIUM_REQUIRED_CODE)
  if (asked !== undefined) return asked.then(() => send(context, peerId, call, content))
  return send(context, peerId, call, content)
}
