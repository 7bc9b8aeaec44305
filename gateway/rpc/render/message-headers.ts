import type { MessageContent, UserId } from '@heliograph/schemas/avro'
import { decodeObject, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { Draft, MessageHead } from './message.ts'
import { renderEntities } from './message-entity.ts'
import { renderPeer } from './peer.ts'

/** The user that saved messages stand under whose author hides its account. */
export const SENDER_IS_HIDDEN = 2_666_000

/** What a message answers; undefined where it answers nothing. */
export function renderReply(
  { replyToMsgId, threadMsgId, isForumTopic }: MessageHead,
  { quote, replyElsewhere }: MessageContent,
): TlType<'MessageReplyHeader'> | undefined {
  if (replyElsewhere !== null) return decodeObject(replyElsewhere) as TlType<'MessageReplyHeader'>
  const answered = replyToMsgId !== 0 ? replyToMsgId : (threadMsgId ?? 0)
  if (answered === 0) return undefined
  const header: Draft<Tl<'messageReplyHeader'>> = { _: 'messageReplyHeader', replyToMsgId: answered }
  if (threadMsgId !== undefined && threadMsgId !== answered) header.replyToTopId = threadMsgId
  if (isForumTopic === true) header.forumTopic = true
  if (quote !== null && replyToMsgId !== 0) addQuote(header, quote)
  return header
}

/** The part of the answered message that is quoted. */
export function addQuote(
  header: Draft<Tl<'messageReplyHeader'>>,
  quote: NonNullable<MessageContent['quote']>,
): void {
  header.quote = true
  header.quoteText = quote.text
  if (quote.entities.length > 0) header.quoteEntities = renderEntities(quote.entities)
  if (quote.offset !== null) header.quoteOffset = quote.offset
}

/** Where a forwarded message comes from. */
export function renderForward(
  viewer: UserId,
  forward: NonNullable<MessageContent['forward']>,
): TlType<'MessageFwdHeader'> {
  const header: Draft<Tl<'messageFwdHeader'>> = { _: 'messageFwdHeader', date: forward.date }
  const from = forward.fromPeerId ?? forward.fromUserId
  if (from !== null) header.fromId = renderPeer(from)
  if (forward.fromName !== null) header.fromName = forward.fromName
  if (forward.channelPost !== null) header.channelPost = forward.channelPost
  if (forward.postAuthor !== null) header.postAuthor = forward.postAuthor
  if (forward.savedFromPeerId !== null && forward.savedFromMsgId !== null) {
    header.savedFromPeer = renderPeer(forward.savedFromPeerId)
    header.savedFromMsgId = forward.savedFromMsgId
    if (forward.fromUserId === viewer) header.savedOut = true
  }
  return header
}

/** The copy of a post in a discussion group is a forward of it that nobody made. */
export function copyHeader(
  { peerId, msgId }: NonNullable<MessageHead['copiedFrom']>,
  date: number,
  forwarded: TlType<'MessageFwdHeader'> | undefined,
): TlType<'MessageFwdHeader'> {
  const peer = renderPeer(peerId)
  const first = forwarded ?? { _: 'messageFwdHeader', date, fromId: peer, channelPost: msgId }
  return { ...first, savedFromPeer: peer, savedFromMsgId: msgId }
}

/** The chat within Saved Messages that a saved message belongs to: where it came from, or oneself. */
export function savedPeerOf(viewer: UserId, content: MessageContent): TlType<'Peer'> {
  const { forward } = content
  if (forward === null) return renderPeer(viewer)
  return renderPeer(forward.savedFromPeerId ?? forward.fromPeerId ?? forward.fromUserId ?? SENDER_IS_HIDDEN)
}
