import type { MessageContent, UserId } from '@heliograph/schemas/avro'
import { decodeObject, type Tl, type TlType } from '@heliograph/schemas/tl'
import { renderEntities } from './message-entity.ts'
import { renderPeer } from './peer.ts'

/** What a user's mailbox knows of a message. */
export interface MessageHead {
  readonly msgId: number
  readonly peerId: number
  readonly senderId: number
  readonly out: boolean
  /** Unix seconds; `editDate` 0 where never edited. */
  readonly date: number
  readonly editDate: number
  readonly silent: boolean
  /** This user's id of the message that is answered; 0 for none. */
  readonly replyToMsgId: number
}

const SENDER_IS_HIDDEN = 2_666_000

/**
 * A message as `viewer` sees it, of the newest layer. In a private chat `from_id` is present only on what the viewer sent:
 * for what came in, clients take the peer as the sender. Where the body cannot be read any more the message is empty.
 */
export function renderMessage(
  viewer: UserId,
  head: MessageHead,
  content: MessageContent | undefined,
): TlType<'Message'> {
  const peerId = renderPeer(head.peerId)
  if (content === undefined) return { _: 'messageEmpty', id: head.msgId, peerId }
  const message: Draft<Tl<'message'>> = {
    _: 'message',
    id: head.msgId,
    peerId,
    date: head.date,
    message: content.text,
  }
  if (head.out) message.out = true
  if (head.senderId === viewer) message.fromId = renderPeer(viewer)
  if (head.silent) message.silent = true
  if (head.editDate !== 0) message.editDate = head.editDate
  if (content.entities.length > 0) message.entities = renderEntities(content.entities)
  if (head.replyToMsgId !== 0) message.replyTo = renderReply(head.replyToMsgId, content.quote)
  addExtras(message, viewer, head, content)
  return message
}

/** What most messages do not have. */
function addExtras(
  message: Draft<Tl<'message'>>,
  viewer: UserId,
  head: MessageHead,
  content: MessageContent,
): void {
  if (content.forward !== null) message.fwdFrom = renderForward(viewer, content.forward)
  if (head.peerId === viewer) message.savedPeerId = savedPeerOf(viewer, content)
  if (content.media !== null) message.media = decodeObject(content.media) as TlType<'MessageMedia'>
  if (content.groupedId !== null) message.groupedId = content.groupedId
  for (const flag of content.flags) {
    if (flag === 'noforwards') message.noforwards = true
    else if (flag === 'invertMedia') message.invertMedia = true
  }
}

function renderReply(msgId: number, quote: MessageContent['quote']): TlType<'MessageReplyHeader'> {
  const header: Draft<Tl<'messageReplyHeader'>> = { _: 'messageReplyHeader', replyToMsgId: msgId }
  if (quote === null) return header
  header.quote = true
  header.quoteText = quote.text
  if (quote.entities.length > 0) header.quoteEntities = renderEntities(quote.entities)
  if (quote.offset !== null) header.quoteOffset = quote.offset
  return header
}

function renderForward(
  viewer: UserId,
  forward: NonNullable<MessageContent['forward']>,
): TlType<'MessageFwdHeader'> {
  const header: Draft<Tl<'messageFwdHeader'>> = { _: 'messageFwdHeader', date: forward.date }
  if (forward.fromUserId !== null) header.fromId = renderPeer(forward.fromUserId)
  if (forward.fromName !== null) header.fromName = forward.fromName
  if (forward.savedFromPeerId !== null && forward.savedFromMsgId !== null) {
    header.savedFromPeer = renderPeer(forward.savedFromPeerId)
    header.savedFromMsgId = forward.savedFromMsgId
    if (forward.fromUserId === viewer) header.savedOut = true
  }
  return header
}

/** The chat within Saved Messages that a saved message belongs to: where it came from, or oneself. */
export function savedPeerOf(viewer: UserId, content: MessageContent): TlType<'Peer'> {
  const { forward } = content
  if (forward === null) return renderPeer(viewer)
  return renderPeer(forward.savedFromPeerId ?? forward.fromUserId ?? SENDER_IS_HIDDEN)
}

/** Adds every user that a client must know to show the message. */
export function addUsersOf(users: Set<UserId>, message: TlType<'Message'>): void {
  addPeer(users, message.peerId)
  if (message._ === 'messageEmpty') return
  addPeer(users, message.fromId)
  if (message._ !== 'message') return
  addPeer(users, message.fwdFrom?.fromId)
  addPeer(users, message.fwdFrom?.savedFromPeer)
  for (const entity of message.entities ?? []) {
    if (entity._ === 'messageEntityMentionName') users.add(entity.userId as UserId)
  }
  const { media } = message
  if (media?._ === 'messageMediaContact' && media.userId !== 0) users.add(media.userId as UserId)
}

function addPeer(users: Set<UserId>, peer: TlType<'Peer'> | undefined): void {
  if (peer?._ === 'peerUser' && peer.userId !== SENDER_IS_HIDDEN) users.add(peer.userId as UserId)
}

/** A TL value under construction. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] }
