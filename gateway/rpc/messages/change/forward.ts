import { type ChatId, chatIdOf, chatKindOf, isChannelPeer, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, rpcError } from '@heliograph/schemas/tl'
import { beginTimer } from '../../chats/default-ttl.ts'
import { isAdmin } from '../../chats/reach.ts'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { copiedPoll } from '../../polls/forward.ts'
import { requireQuietPoll } from '../../polls/input.ts'
import { pollOf } from '../../polls/update.ts'
import { requireMayWrite } from '../../privacy/ask.ts'
import { dueOf } from '../../scheduled/due.ts'
import { countForwards } from '../../views/forwards.ts'
import type { Content } from '../content.ts'
import { locateIn } from '../mailbox/locate.ts'
import { openMailbox } from '../mailbox/open.ts'
import { type OpenedMessage, openMessages } from '../mailbox/rendered.ts'
import { isProtected } from '../mailbox/sight.ts'
import { askSend, type Outgoing, sealOutgoing, sentUpdates } from '../send/outgoing.ts'
import { type Posting, postingIn } from '../send/posting.ts'
import { NO_REPLY, type ReplyTarget, resolveReply } from '../send/reply-to.ts'
import { checkSendRequest, orderOf } from '../send/send.ts'
import { forwardHeader } from './forward-header.ts'

export const MAX_FORWARDED = 100
const GROUPED_ID_BYTES = 8

type ForwardCall = Parameters<Handler<'messages.forwardMessages'>>[0]

/** `messages.forwardMessages`: copies of messages of one chat in another, each under its own random id, in order. */
export const forwardMessages: Handler<'messages.forwardMessages'> = async (call, context) => {
  checkForward(call)
  const { user, services } = context
  const fromPeer = inputPeerId(call.fromPeer, context)
  const toPeer = inputPeerId(call.toPeer, context)
  const sent = await orderOf(services).run(
    `${user}/${chatIdOf(user, toPeer)}`,
    async () => {
      await beginTimer(context, toPeer)
      return prepare(context, call, fromPeer, toPeer)
    },
    (prepared) =>
      Promise.all(
        prepared.map(async (outgoing) => ({ outgoing, counted: await askSend(context, toPeer, outgoing) })),
      ),
  )
  if (isChannelPeer(fromPeer)) await countForwards(context, fromPeer, call.id)
  return sentUpdates(context, toPeer, sent)
}

function checkForward(call: ForwardCall): void {
  const { id, randomId } = call
  if (id.length === 0) throw new RpcError(400, 'MESSAGE_IDS_EMPTY')
  if (id.length > MAX_FORWARDED) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  if (id.length !== randomId.length) throw new RpcError(400, 'RANDOM_ID_INVALID')
  if (new Set(randomId).size !== randomId.length) throw rpcError('RANDOM_ID_DUPLICATE')
  if (randomId.includes(0n)) throw new RpcError(400, 'RANDOM_ID_INVALID')
  checkSendRequest({ ...call, replyTo: undefined })
}

/** Messages that are gone are left out; 400 MESSAGE_ID_INVALID where none is left. */
async function prepare(
  context: CallContext,
  call: ForwardCall,
  fromPeer: PeerId,
  toPeer: PeerId,
): Promise<Outgoing[]> {
  const { user } = context
  await requireMayWrite(context.services, user, toPeer)
  const wanted = await wantedMessages(context, call, fromPeer)
  const chatId = chatIdOf(user, toPeer)
  await requireUnslowed(context, chatId, wanted)
  const posting = await postingIn(context, chatId, toPeer, call.sendAs)
  const reply = await replyOf(context, call, toPeer, posting)
  const albums = new Map<bigint, bigint>()
  const dueAt = dueOf(context, toPeer, call.scheduleDate)
  const prepared: Outgoing[] = []
  for (const { message, randomId } of wanted) {
    if (message.content === undefined || message.content.action !== null) continue
    const original = await copiedPoll(context, message, message.content, call.dropAuthor === true)
    await requireQuietPoll(context, toPeer, pollOf(original))
    const copy = await forwardedContent(context, message, original, call, toPeer === (user as number))
    const content = { ...copy, groupedId: regrouped(context, albums, copy.groupedId) }
    const draft = { randomId, silent: call.silent === true, content, reply, dueAt }
    prepared.push(await sealOutgoing(context, toPeer, chatId, draft, posting))
  }
  if (prepared.length === 0) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  return prepared
}

/**
 * In slow mode one message may be sent at a time; those of an album are one.
 * @throws RpcError 400 SLOWMODE_MULTI_MSGS_DISABLED
 */
async function requireUnslowed(
  context: CallContext,
  chatId: ChatId,
  wanted: readonly Wanted[],
): Promise<void> {
  if (wanted.length < 2 || chatKindOf(chatId) !== 'channel') return
  const { facts, member } = await context.services.chats.view(context.user, chatId)
  if (facts === undefined || facts.slowModeSeconds === 0) return
  if (isAdmin({ member, isIn: member?.isIn === true })) return
  const albums = new Set(wanted.map(({ message }) => message.content?.groupedId ?? null))
  if (albums.size > 1 || albums.has(null)) throw new RpcError(400, 'SLOWMODE_MULTI_MSGS_DISABLED')
}

interface Wanted {
  readonly message: OpenedMessage
  readonly randomId: bigint
}

/** @throws RpcError 400 CHAT_FORWARDS_RESTRICTED for a chat whose messages may not be forwarded */
async function wantedMessages(context: CallContext, call: ForwardCall, fromPeer: PeerId): Promise<Wanted[]> {
  const { user, services } = context
  const mailbox = await openMailbox(context, fromPeer)
  if (await isProtected(services, chatIdOf(user, fromPeer)))
    throw new RpcError(400, 'CHAT_FORWARDS_RESTRICTED')
  const located = await locateIn(mailbox, call.id)
  const entries = located.filter((entry) => entry !== undefined)
  const randomIds = call.randomId.filter((_, index) => located[index] !== undefined)
  const opened = await openMessages(services, user, entries)
  return opened.map((message, index) => ({ message, randomId: randomIds[index]! }))
}

function replyOf(
  context: CallContext,
  { replyTo, topMsgId }: ForwardCall,
  toPeer: PeerId,
  { isPost }: Posting,
): ReplyTarget | Promise<ReplyTarget> {
  if (replyTo !== undefined) return resolveReply(context, toPeer, replyTo)
  if (topMsgId === undefined || isPost) return NO_REPLY
  return { ...NO_REPLY, threadSeq: topMsgId as NonNullable<ReplyTarget['threadSeq']> }
}

/** An album stays one, under another number. */
function regrouped(
  { services }: CallContext,
  albums: Map<bigint, bigint>,
  groupedId: bigint | null,
): bigint | null {
  if (groupedId === null) return null
  let copy = albums.get(groupedId)
  if (copy === undefined) {
    copy = Buffer.from(services.random(GROUPED_ID_BYTES)).readBigUInt64LE() >> 1n
    albums.set(groupedId, copy)
  }
  return copy
}

type ForwardOptions = Pick<ForwardCall, 'dropAuthor' | 'dropMediaCaptions' | 'noforwards'>

/**
 * What a forwarded message says: the same, with its first author (unless dropped), without what it answered. Saved
 * Messages also keep the chat and message that it was saved from.
 */
export async function forwardedContent(
  context: CallContext,
  message: OpenedMessage,
  content: Content,
  options: ForwardOptions,
  toSaved: boolean,
): Promise<Content> {
  if (content.flags.includes('noforwards')) throw new RpcError(400, 'CHAT_FORWARDS_RESTRICTED')
  const withoutCaption = options.dropMediaCaptions === true && content.media !== null
  const kept = content.flags.filter((flag) => flag === 'invertMedia')
  return {
    ...content,
    ...(withoutCaption ? { text: '', entities: [] } : {}),
    quote: null,
    replyElsewhere: null,
    postAuthor: null,
    flags: options.noforwards === true ? [...kept, 'noforwards'] : kept,
    forward: options.dropAuthor === true ? null : await forwardHeader(context, message, content, toSaved),
  }
}
