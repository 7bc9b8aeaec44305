import type { MessageContent, UserId } from '@heliograph/schemas/avro'
import { decodeObject, type Tl, type TlType } from '@heliograph/schemas/tl'
import { shownPoll } from '../polls/shown.ts'
import type { PollState } from '../polls/state.ts'
import { actionFor, mediaFor } from '../upload/stamp-source.ts'
import { renderEntities } from './message-entity.ts'
import { copyHeader, renderForward, renderReply, savedPeerOf } from './message-headers.ts'
import { renderPeer } from './peer.ts'

/** What a user's mailbox, or a channel, knows of a message. */
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
  /** The viewer's id of the first message of its thread; absent where it is in none. */
  readonly threadMsgId?: number
  /** In whose name it was sent, as a peer: absent or null for the sender itself. */
  readonly postAs?: number | null
  /** A post of a broadcast channel. */
  readonly isPost?: boolean
  /** It names the viewer, or answers a message of it. */
  readonly mentioned?: boolean
  /** The viewer has not seen what is in it. */
  readonly mediaUnread?: boolean
  readonly pinned?: boolean
  /** What has been said to it. */
  readonly reactions?: Tl<'messageReactions'>
  /** How its poll stands; absent where that is not known here. */
  readonly poll?: PollState
  /** Posts: how often it was seen and forwarded. */
  readonly views?: number
  readonly forwards?: number
  /** What stands in the thread that it begins. */
  readonly replies?: Tl<'messageReplies'>
  /** The thread that it is in is a topic of a forum. */
  readonly isForumTopic?: boolean
  /** The post of a channel that it is the copy of, in the channel's discussion group. */
  readonly copiedFrom?: { readonly peerId: number; readonly msgId: number }
  /** When it will be deleted, Unix seconds; absent or 0 never. */
  readonly expiresAt?: number
}

/** On a post: its author is shown, with a link to the profile. */
export const SIGNATURE_PROFILE = 'signatureProfile'

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
  if (content.action !== null) return renderService(viewer, peerId, head, content, content.action)
  const message: Draft<Tl<'message'>> = {
    _: 'message',
    id: head.msgId,
    peerId,
    date: head.date,
    message: content.text,
  }
  addHead(message, viewer, head, content)
  if (head.editDate !== 0) message.editDate = head.editDate
  if (content.entities.length > 0) message.entities = renderEntities(content.entities)
  addExtras(message, viewer, head, content)
  return message
}

function renderService(
  viewer: UserId,
  peerId: TlType<'Peer'>,
  head: MessageHead,
  content: MessageContent,
  action: Buffer,
): TlType<'Message'> {
  const message: Draft<Tl<'messageService'>> = {
    _: 'messageService',
    id: head.msgId,
    peerId,
    date: head.date,
    action: actionFor(content, viewer, decodeObject(action) as TlType<'MessageAction'>),
  }
  addHead(message, viewer, head, content)
  return message
}

/** What messages of all kinds have. */
function addHead(
  message: Draft<Tl<'message'>> | Draft<Tl<'messageService'>>,
  viewer: UserId,
  head: MessageHead,
  content: MessageContent,
): void {
  const from = fromOf(viewer, head, content)
  if (from !== undefined) message.fromId = renderPeer(from)
  if (head.out) message.out = true
  if (head.silent) message.silent = true
  if (head.isPost === true) message.post = true
  if (head.mentioned === true) message.mentioned = true
  if (head.mediaUnread === true) message.mediaUnread = true
  if (head.expiresAt) message.ttlPeriod = Math.max(1, head.expiresAt - head.date)
  const replyTo = renderReply(head, content)
  if (replyTo !== undefined) message.replyTo = replyTo
}

/** Posts of a broadcast channel are the channel's own; other messages of groups and channels always name who sent them. */
function fromOf(viewer: UserId, head: MessageHead, content: MessageContent): number | undefined {
  if (head.peerId > 0) return head.senderId === viewer ? viewer : undefined
  const postAs = head.postAs ?? head.senderId
  if (head.isPost !== true) return postAs
  if (content.flags.includes(SIGNATURE_PROFILE)) return head.senderId
  return postAs === head.peerId || postAs === head.senderId ? undefined : postAs
}

/** What most messages do not have. */
function addExtras(
  message: Draft<Tl<'message'>>,
  viewer: UserId,
  head: MessageHead,
  content: MessageContent,
): void {
  if (content.forward !== null) message.fwdFrom = renderForward(viewer, content.forward)
  if (head.copiedFrom !== undefined) message.fwdFrom = copyHeader(head.copiedFrom, head.date, message.fwdFrom)
  if (head.replies !== undefined) message.replies = head.replies
  if (head.peerId === viewer) message.savedPeerId = savedPeerOf(viewer, content)
  if (content.media !== null) addMedia(message, viewer, head, content, content.media)
  if (head.reactions !== undefined) message.reactions = head.reactions
  if (head.isPost === true) addCounters(message, head)
  if (content.groupedId !== null) message.groupedId = content.groupedId
  if (content.postAuthor !== null) message.postAuthor = content.postAuthor
  if (content.viaBotId !== null) message.viaBotId = content.viaBotId
  if (head.pinned === true) message.pinned = true
  for (const flag of content.flags) {
    if (flag === 'noforwards') message.noforwards = true
    else if (flag === 'invertMedia') message.invertMedia = true
    else if (flag === 'fromScheduled') message.fromScheduled = true
  }
}

function addMedia(
  message: Draft<Tl<'message'>>,
  viewer: UserId,
  head: MessageHead,
  content: MessageContent,
  bytes: Buffer,
): void {
  const media = mediaFor(content, viewer, decodeObject(bytes) as TlType<'MessageMedia'>)
  message.media = media._ === 'messageMediaPoll' ? shownPoll(media, head.poll, head.out) : media
}

/** Whoever posts has seen it. */
function addCounters(message: Draft<Tl<'message'>>, { views = 0, forwards = 0 }: MessageHead): void {
  message.views = Math.max(1, views)
  message.forwards = forwards
}

/** A TL value under construction. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] }
