import type { PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { requireMayWrite } from '../../privacy/ask.ts'
import { completePage, linkIn, sentId, withPage } from '../../web-page/attach.ts'
import { type Content, textContent } from '../content.ts'
import { composeText, mentionResolver } from '../text/compose.ts'
import { checkSendRequest, contentFlags, type SendRequest, send } from './send.ts'

/** `messages.sendMessage`: a text to a user or to oneself (Saved Messages). */
export const sendMessage: Handler<'messages.sendMessage'> = (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  checkSendRequest(call)
  const { text, entities } = composeText(call.message, call.entities, mentionResolver(context))
  if (text === '') throw new RpcError(400, 'MESSAGE_EMPTY')
  const content = textContent(text, entities, contentFlags(call))
  const asked = requireMayWrite(context.services, context.user, peerId)
  const allowed = asked === undefined ? content : asked.then(() => content)
  const isPlain = context.services.config.fetchesUrls !== true || call.noWebpage === true
  if (!isPlain && call.scheduleDate === undefined && linkIn(content) !== undefined)
    return sendWithPage(context, peerId, call, allowed)
  return send(context, peerId, call, allowed)
}

/** The page comes after the message where it is not at hand. */
export async function sendWithPage(
  context: CallContext,
  peerId: PeerId,
  request: SendRequest,
  text: Content | Promise<Content>,
  input?: Tl<'inputMediaWebPage'>,
): Promise<TlType<'Updates'>> {
  const content = Promise.resolve(text).then((known) => withPage(context, peerId, known, input))
  const updates = await send(context, peerId, request, content)
  completePage(context, peerId, await content, sentId(updates))
  return updates
}
