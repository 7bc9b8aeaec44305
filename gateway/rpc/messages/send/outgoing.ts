import {
  type ChatId,
  chatIdOf,
  isChannelPeer,
  type MessageExtra,
  type MessageSeq,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { renderMessage } from '../../render/message.ts'
import { FROM_SCHEDULED } from '../../scheduled/due.ts'
import { wordsFor } from '../../search-index/index.ts'
import type { Services } from '../../services.ts'
import { freshReplies } from '../../threads/marks.ts'
import { type Counted, countedOf, namedIn, updatesOf } from '../answers.ts'
import { type Content, sealBody } from '../content.ts'
import { extraOf, type Told } from '../extra.ts'
import { mentionsOf } from './mentions.ts'
import { AS_ONESELF, type Posting, withPosting } from './posting.ts'
import type { ReplyTarget } from './reply-to.ts'

/** One message to be sent: what is said, and what the answer has to repeat. */
export interface Outgoing {
  readonly randomId: bigint
  readonly silent: boolean
  readonly content: Content
  readonly reply: ReplyTarget
  readonly posting: Posting
  /** Groups and channels. */
  readonly mentions: readonly UserId[]
  readonly sealed: Buffer
  /** When it is to be sent, Unix seconds; absent or 0 now. */
  readonly dueAt?: number
}
/** What is known of it before it is sealed. */
export type Draft = Pick<Outgoing, 'randomId' | 'silent' | 'content' | 'reply' | 'dueAt'>

const NOBODY: readonly UserId[] = []

/** Seals a message for its chat; at once where the chat is a private one whose key is at hand. */
export function sealOutgoing(
  context: CallContext,
  peerId: PeerId,
  chatId: ChatId,
  draft: Draft,
  posting: Posting,
): Outgoing | Promise<Outgoing> {
  const posted = withPosting(draft.content, posting)
  const content = draft.dueAt ? { ...posted, flags: [...posted.flags, FROM_SCHEDULED] } : posted
  const sealed = sealBody(context.services, chatId, content)
  const mentions = peerId > 0 ? NOBODY : mentionsOf(context.services, context.user, content)
  if (sealed instanceof Promise || mentions instanceof Promise) {
    return Promise.all([sealed, mentions]).then(([bytes, named]) =>
      outgoingOf(draft, content, posting, named, bytes),
    )
  }
  return outgoingOf(draft, content, posting, mentions, sealed)
}

/** Field by field, as all that is made for every message: a spread costs a microsecond where the engine cannot foresee its shape. */
function outgoingOf(
  { randomId, silent, reply, dueAt = 0 }: Draft,
  content: Content,
  posting: Posting,
  mentions: readonly UserId[],
  sealed: Buffer,
): Outgoing {
  return { randomId, silent, content, reply, posting, mentions, sealed, dueAt }
}

/** Gives the message to its actor and resolves to what that counted. */
export async function askSend(
  { user, services, caller }: CallContext,
  peerId: PeerId,
  outgoing: Outgoing,
): Promise<Counted> {
  const { content, reply, sealed, randomId, silent, dueAt } = outgoing
  const chatId = chatIdOf(user, peerId)
  const command = {
    type: 'SendMessage',
    chatId,
    senderId: user,
    randomId,
    sealed,
    replyToSeq: reply.seq,
    silent,
    extra: peerId > 0 ? extraOf(content) : extraOf(content, toldOf(user, peerId, outgoing)),
    words: wordsFor(services.keyring, chatId, content.text),
  } as const
  if (dueAt) {
    const later = { ...command, type: 'ScheduleMessage', dueAt } as const
    return { ...countedOf(await services.commands.ask('chat.commands', chatId, later, caller)), date: dueAt }
  }
  return countedOf(await services.commands.ask('chat.commands', chatId, command, caller))
}

const toldOf = (
  user: UserId,
  peerId: PeerId,
  { content, mentions, reply, posting }: Pick<Outgoing, 'content' | 'mentions' | 'reply' | 'posting'>,
): Told => ({
  mentions,
  threadSeq: reply.threadSeq,
  postAs: posting.postAs,
  noForwards: content.flags.includes('noforwards'),
  copyOf: isChannelPeer(peerId) ? forwardedPost(user, content) : null,
})

/** The post that a content was forwarded from, by which its channel finds where it went. */
function forwardedPost(user: UserId, { forward }: Content): MessageExtra['copyOf'] {
  if (forward === null || forward.fromPeerId === null || forward.channelPost === null) return null
  const chatId = chatIdOf(user, forward.fromPeerId)
  return { chatId, seq: forward.channelPost as MessageSeq, sealedThere: false }
}

export interface Sent {
  readonly outgoing: Outgoing
  readonly counted: Counted
}

/** The updates that tell the sender of its messages. */
export function sentUpdates(
  context: CallContext,
  peerId: PeerId,
  sent: readonly Sent[],
): Tl<'updates'> | Promise<Tl<'updates'>> {
  const ids: TlType<'Update'>[] = []
  const news: TlType<'Update'>[] = []
  const messages: TlType<'Message'>[] = []
  const isChannel = isChannelPeer(peerId)
  let date = 0
  for (const { outgoing, counted } of sent) {
    const { pts, ptsCount } = counted
    const message = renderSent(context, peerId, outgoing, counted)
    messages.push(message)
    ids.push({ _: 'updateMessageID', id: counted.msgId, randomId: outgoing.randomId })
    if (outgoing.dueAt) news.push({ _: 'updateNewScheduledMessage', message })
    else news.push({ _: isChannel ? 'updateNewChannelMessage' : 'updateNewMessage', message, pts, ptsCount })
    date = outgoing.dueAt ? context.now : counted.date
  }
  const updates = [...ids, ...news]
  const named = namedIn(context, messages, [context.user])
  if (named instanceof Promise)
    return named.then(({ users, chats }) => updatesOf(updates, users, date, chats))
  return updatesOf(updates, named.users, date, named.chats)
}

function renderSent(
  { user, services }: CallContext,
  peerId: PeerId,
  { content, reply, silent, posting, dueAt }: Outgoing,
  { msgId, date, expiresAt = 0 }: Counted,
): TlType<'Message'> {
  const ttlSeconds = dueAt ? 0 : timerOf(services, peerId, chatIdOf(user, peerId))
  const head = {
    msgId,
    peerId,
    senderId: user,
    out: true,
    date,
    editDate: 0,
    silent,
    replyToMsgId: reply.msgId,
    expiresAt: ttlSeconds > 0 ? date + ttlSeconds : expiresAt,
  }
  const replies =
    dueAt || !isChannelPeer(peerId) ? undefined : repliesOf(services, user, peerId, reply.threadSeq)
  if (replies === undefined && posting === AS_ONESELF && reply.threadSeq === null)
    return renderMessage(user, head, content)
  const { postAs, isPost } = posting
  const thread =
    reply.threadSeq === null ? {} : { threadMsgId: reply.threadSeq, isForumTopic: reply.isTopic === true }
  const comments = replies === undefined ? {} : { replies }
  return renderMessage(user, { ...head, ...thread, ...comments, postAs, isPost }, content)
}

const repliesOf = ({ chats }: Services, user: UserId, peerId: PeerId, threadSeq: number | null) =>
  freshReplies(chats.cachedFacts(chatIdOf(user, peerId)), threadSeq)

/** Seconds after which messages of a channel go, as this node knows it; 0 elsewhere, where the mailbox's answer says it. */
function timerOf({ chats }: Services, peerId: PeerId, chatId: ChatId): number {
  return isChannelPeer(peerId) ? (chats.cachedFacts(chatId)?.ttlSeconds ?? 0) : 0
}
