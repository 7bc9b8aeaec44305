import { type ChatId, chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { renderMessage } from '../../render/message.ts'
import type { Services } from '../../services.ts'
import { type MailboxAnswer, mailboxOf, updatesOf, usersOf } from '../answers.ts'
import { type Content, sealBody } from '../content.ts'
import { mediaExtra } from '../media/extra.ts'
import { clearDraft } from '../drafts.ts'
import { CallOrder } from './order.ts'
import { NO_REPLY, type ReplyTarget, resolveReply } from './reply-to.ts'

/** Requests of `sendMessage`'s family, as far as they are alike. */
export interface SendRequest {
  readonly silent?: boolean | undefined
  readonly clearDraft?: boolean | undefined
  readonly noforwards?: boolean | undefined
  readonly invertMedia?: boolean | undefined
  readonly replyTo?: TlType<'InputReplyTo'> | undefined
  readonly randomId: bigint
  readonly scheduleDate?: number | undefined
  readonly sendAs?: TlType<'InputPeer'> | undefined
  readonly quickReplyShortcut?: TlType<'InputQuickReplyShortcut'> | undefined
}

/** One message to be sent: what is said, and what the answer has to repeat. */
interface Outgoing {
  readonly content: Content
  readonly reply: ReplyTarget
  readonly sealed: Buffer
}

const orders = new WeakMap<Services, CallOrder>()

/** Calls of one user to one chat take effect in the order in which they came. */
export function orderOf(services: Services): CallOrder {
  let order = orders.get(services)
  if (order === undefined) {
    order = new CallOrder()
    orders.set(services, order)
  }
  return order
}

/** Refuses what later features will do: scheduled messages, quick replies, sending as a channel. */
export function checkSendRequest(request: Omit<SendRequest, 'randomId'>): void {
  if (request.scheduleDate !== undefined) throw new RpcError(400, 'SCHEDULE_DATE_INVALID')
  if (request.quickReplyShortcut !== undefined) throw new RpcError(400, 'SHORTCUT_INVALID')
  if (request.sendAs !== undefined && request.sendAs._ !== 'inputPeerSelf') {
    throw new RpcError(400, 'SEND_AS_PEER_INVALID')
  }
}

/** The flags that are kept with a message. */
export function contentFlags(request: Pick<SendRequest, 'noforwards' | 'invertMedia'>): string[] {
  const flags: string[] = []
  if (request.noforwards === true) flags.push('noforwards')
  if (request.invertMedia === true) flags.push('invertMedia')
  return flags
}

/**
 * Sends one message and resolves to the caller's updates once it is durable. Rejects with the errors of the reply and of
 * the message actor (400 PEER_ID_INVALID, USER_IS_BLOCKED, YOU_BLOCKED_USER, INPUT_USER_DEACTIVATED).
 */
export async function send(
  context: CallContext,
  peerId: PeerId,
  request: SendRequest,
  content: Content,
): Promise<TlType<'Updates'>> {
  if (request.randomId === 0n) throw new RpcError(400, 'RANDOM_ID_EMPTY')
  const { user, services } = context
  const chatId = chatIdOf(user, peerId)
  const sent = await orderOf(services).run(
    `${user}/${chatId}`,
    () => prepare(context, peerId, chatId, request, content),
    async (outgoing) => {
      const answer = ask(context, chatId, request, outgoing)
      return { outgoing, answer: await answer }
    },
  )
  if (request.clearDraft === true) await clearDraft(context, peerId)
  return answerSent(context, peerId, request, sent.outgoing, sent.answer)
}

function prepare(
  context: CallContext,
  peerId: PeerId,
  chatId: ChatId,
  request: SendRequest,
  content: Content,
): Outgoing | Promise<Outgoing> {
  if (request.replyTo !== undefined) return prepareReply(context, peerId, chatId, request.replyTo, content)
  const sealed = sealBody(context.services, chatId, content)
  if (sealed instanceof Promise) return sealed.then((bytes) => ({ content, reply: NO_REPLY, sealed: bytes }))
  return { content, reply: NO_REPLY, sealed }
}

async function prepareReply(
  context: CallContext,
  peerId: PeerId,
  chatId: ChatId,
  replyTo: TlType<'InputReplyTo'>,
  plain: Content,
): Promise<Outgoing> {
  const reply = await resolveReply(context, peerId, replyTo)
  const content = { ...plain, quote: reply.quote }
  return { content, reply, sealed: await sealBody(context.services, chatId, content) }
}

async function ask(
  { user, services, caller }: CallContext,
  chatId: ChatId,
  request: Pick<SendRequest, 'randomId' | 'silent'>,
  { content, reply, sealed }: Outgoing,
): Promise<MailboxAnswer> {
  const command = {
    type: 'SendMessage',
    chatId,
    senderId: user,
    randomId: request.randomId,
    sealed,
    replyToSeq: reply.seq,
    silent: request.silent === true,
    extra: mediaExtra(content),
    words: null,
  } as const
  return mailboxOf(await services.commands.ask('chat.commands', chatId, command, caller))
}

async function answerSent(
  context: CallContext,
  peerId: PeerId,
  request: SendRequest,
  { content, reply }: Outgoing,
  answer: MailboxAnswer,
): Promise<TlType<'Updates'>> {
  const { msgId, date, pts, ptsCount } = answer
  const head = {
    msgId,
    peerId,
    senderId: context.user,
    out: true,
    date,
    editDate: 0,
    silent: request.silent === true,
    replyToMsgId: reply.msgId,
  }
  const message = renderMessage(context.user, head, content)
  const users = usersOf(context, [message], [context.user])
  return updatesOf(
    [
      { _: 'updateMessageID', id: msgId, randomId: request.randomId },
      { _: 'updateNewMessage', message, pts, ptsCount },
    ],
    users instanceof Promise ? await users : users,
    date,
  )
}
