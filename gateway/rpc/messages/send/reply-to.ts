import type { MessageSeq, PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import type { Content } from '../content.ts'
import { locateOne } from '../mailbox/locate.ts'
import { openMessages } from '../mailbox/rendered.ts'
import { mentionResolver } from '../text/compose.ts'
import { normaliseText } from '../text/normalise.ts'
import { parseEntities } from '../text/parse.ts'

export const MAX_QUOTE_LENGTH = 1024

/** The message that is answered, by chat position and by the caller's id, and the part of it that is quoted. */
export interface ReplyTarget {
  readonly seq: MessageSeq | null
  /** 0 none */
  readonly msgId: number
  readonly quote: Content['quote']
}

export const NO_REPLY: ReplyTarget = { seq: null, msgId: 0, quote: null }

/**
 * Looks up what a message answers. A message that is gone gives no reply, as clients expect; 400 REPLY_TO_INVALID for a
 * message of another chat or a story, 400 QUOTE_TEXT_INVALID for a quote that is not in the text.
 */
export async function resolveReply(
  context: CallContext,
  peerId: PeerId,
  replyTo: TlType<'InputReplyTo'>,
): Promise<ReplyTarget> {
  if (replyTo._ !== 'inputReplyToMessage') throw new RpcError(400, 'REPLY_TO_INVALID')
  if (replyTo.replyToPeerId !== undefined && inputPeerId(replyTo.replyToPeerId, context) !== peerId) {
    throw new RpcError(400, 'REPLY_TO_INVALID')
  }
  const entry = await locateOne(context.services.tables, context.user, replyTo.replyToMsgId)
  if (entry === undefined || entry.peerId !== peerId) return NO_REPLY
  const target = { seq: entry.seq, msgId: entry.msgId, quote: null }
  if (replyTo.quoteText === undefined || replyTo.quoteText === '') return target
  const [message] = await openMessages(context.services, context.user, [entry])
  return { ...target, quote: quoteOf(context, replyTo, message?.content?.text ?? '') }
}

function quoteOf(context: CallContext, replyTo: Tl<'inputReplyToMessage'>, text: string): Content['quote'] {
  const given = replyTo.quoteText ?? ''
  const entities = parseEntities(given, replyTo.quoteEntities, mentionResolver(context))
  const quote = normaliseText(given, entities)
  const offset = nearest(text, quote.text, replyTo.quoteOffset ?? 0)
  if (quote.text.length > MAX_QUOTE_LENGTH || offset < 0) throw new RpcError(400, 'QUOTE_TEXT_INVALID')
  return { ...quote, offset }
}

/** Where `part` stands in `text`, closest to `hint`; -1 nowhere. */
export function nearest(text: string, part: string, hint: number): number {
  const after = text.indexOf(part, Math.max(0, hint))
  const before = text.lastIndexOf(part, Math.max(0, hint))
  if (after < 0) return before
  if (before < 0) return after
  return hint - before < after - hint ? before : after
}
