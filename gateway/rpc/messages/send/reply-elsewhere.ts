import { chatIdOf, isChannelPeer, isUserPeer } from '@heliograph/schemas/avro'
import { encodeObject, RpcError, type Tl } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { type Draft, renderMessage } from '../../render/message.ts'
import { addQuote } from '../../render/message-headers.ts'
import { renderPeer } from '../../render/peer.ts'
import { forwardHeader } from '../change/forward-header.ts'
import type { Content } from '../content.ts'
import type { HistoryEntry } from '../mailbox/history.ts'
import { headOf, openMessages } from '../mailbox/rendered.ts'
import { isProtected } from '../mailbox/sight.ts'

/**
 * The header of an answer to a message of another chat, as every reader of the answer gets it: who said what there, and where,
 * if that is a channel (core.telegram.org/api/replies).
 * @throws RpcError 400 CHAT_FORWARDS_RESTRICTED for a message that may not leave its chat
 */
export async function replyElsewhere(
  context: CallContext,
  entry: HistoryEntry,
  quote: Content['quote'],
): Promise<Buffer | null> {
  const { services, user } = context
  const [message] = await openMessages(services, user, [entry])
  const content = message?.content
  if (message === undefined || content === undefined) return null
  const chatId = chatIdOf(user, entry.peerId)
  if (content.flags.includes('noforwards') || (await isProtected(services, chatId)))
    throw new RpcError(400, 'CHAT_FORWARDS_RESTRICTED')
  const forward = await forwardHeader(context, message, content, false)
  const header: Draft<Tl<'messageReplyHeader'>> = { _: 'messageReplyHeader' }
  if (forward !== null) {
    const plain = { ...content, action: null, media: null, forward }
    const shown = renderMessage(user, headOf(user, message), plain)
    if (shown._ === 'message' && shown.fwdFrom !== undefined) header.replyFrom = shown.fwdFrom
  }
  if (isChannelPeer(entry.peerId)) {
    header.replyToMsgId = entry.msgId
    header.replyToPeerId = renderPeer(entry.peerId)
  } else if (isUserPeer(entry.peerId) && quote === null) {
    addQuote(header, { text: content.text.slice(0, MAX_SHOWN), entities: [], offset: null })
  }
  if (quote !== null) addQuote(header, quote)
  return Buffer.from(encodeObject(header))
}

/** Of a message whose chat others cannot open, so much is shown with the answer. */
const MAX_SHOWN = 1024
