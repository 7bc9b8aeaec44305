import { GENERAL_TOPIC, isChannelPeer, type MessageSeq, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import type { Content } from '../content.ts'
import type { HistoryEntry } from '../mailbox/history.ts'
import { locateOneIn } from '../mailbox/locate.ts'
import { openMailbox } from '../mailbox/open.ts'
import { openMessages } from '../mailbox/rendered.ts'
import { mentionResolver } from '../text/compose.ts'
import { normaliseText } from '../text/normalise.ts'
import { parseEntities } from '../text/parse.ts'
import { replyElsewhere } from './reply-elsewhere.ts'

export const MAX_QUOTE_LENGTH = 1024

/** The message that is answered, by chat position and by the caller's id, and the part of it that is quoted. */
export interface ReplyTarget {
  readonly seq: MessageSeq | null
  /** 0 none */
  readonly msgId: number
  readonly quote: Content['quote']
  /** Channels: the first message of the thread that the answer belongs to. */
  readonly threadSeq: MessageSeq | null
  /** That thread is a topic of a forum. */
  readonly isTopic?: boolean
  /** An answer to a message of another chat. */
  readonly elsewhere: Buffer | null
}

export const NO_REPLY: ReplyTarget = { seq: null, msgId: 0, quote: null, threadSeq: null, elsewhere: null }

/**
 * Looks up what a message answers. A message that is gone gives no reply, as clients expect; 400 REPLY_TO_INVALID for a story,
 * 400 QUOTE_TEXT_INVALID for a quote that is not in the text, and the errors of a chat that the caller may not read.
 */
export async function resolveReply(
  context: CallContext,
  peerId: PeerId,
  replyTo: TlType<'InputReplyTo'>,
): Promise<ReplyTarget> {
  if (replyTo._ !== 'inputReplyToMessage') throw new RpcError(400, 'REPLY_TO_INVALID')
  const fromPeer = replyTo.replyToPeerId === undefined ? peerId : inputPeerId(replyTo.replyToPeerId, context)
  const mailbox = await openMailbox(context, fromPeer)
  const entry = await locateOneIn(mailbox, replyTo.replyToMsgId)
  const isForum = fromPeer === peerId && 'facts' in mailbox && mailbox.facts.flags.has('forum')
  const found = fromPeer === peerId ? entry : undefined
  const thread = isForum ? topicOf(replyTo.topMsgId, entry) : threadOf(peerId, replyTo.topMsgId, found)
  const place = { threadSeq: thread, ...(isForum && thread !== null && { isTopic: true }) }
  // Who writes in a topic names its first message, or that of General, but does not answer it.
  const isOfTopic = isForum && (entry?.seq === thread || entry?.seq === GENERAL_TOPIC)
  if (entry === undefined || isOfTopic) return { ...NO_REPLY, ...place }
  const quote = await quoted(context, entry, replyTo)
  if (fromPeer !== peerId) {
    const elsewhere = await replyElsewhere(context, entry, quote)
    return { ...NO_REPLY, ...place, elsewhere }
  }
  return { seq: entry.seq, msgId: entry.msgId, quote, ...place, elsewhere: null }
}

/** An answer in a supergroup belongs to the thread of what it answers, or begins one there. */
function threadOf(
  peerId: PeerId,
  topMsgId: number | undefined,
  entry: HistoryEntry | undefined,
): MessageSeq | null {
  if (!isChannelPeer(peerId)) return null
  if (entry !== undefined) return (entry.row?.threadSeq ?? topMsgId ?? entry.seq) as MessageSeq
  return (topMsgId ?? null) as MessageSeq | null
}

/** In a forum threads are topics; which of the messages that tell of something have made one, the actor knows. */
function topicOf(topMsgId: number | undefined, entry: HistoryEntry | undefined): MessageSeq | null {
  const made = entry?.row?.service === true ? entry.seq : null
  const topic = topMsgId ?? entry?.row?.threadSeq ?? made
  return topic === GENERAL_TOPIC ? null : (topic as MessageSeq | null)
}

async function quoted(
  context: CallContext,
  entry: HistoryEntry,
  replyTo: Tl<'inputReplyToMessage'>,
): Promise<Content['quote']> {
  if (replyTo.quoteText === undefined || replyTo.quoteText === '') return null
  const [message] = await openMessages(context.services, context.user, [entry])
  return quoteOf(context, replyTo, message?.content?.text ?? '')
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
