import { type ChatId, chatIdOf, type PeerId, type UserId, WHEN_ONLINE } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { beginTimer } from '../../chats/default-ttl.ts'
import type { CallContext } from '../../handler.ts'
import { lets } from '../../privacy/ask.ts'
import { dueOf } from '../../scheduled/due.ts'
import { fireIfOnline } from '../../scheduled/when-online.ts'
import type { Services } from '../../services.ts'
import { clearTopicDraft } from '../../topics/drafts.ts'
import type { Content } from '../content.ts'
import { clearDraft, topicOf } from '../drafts.ts'
import { CallOrder } from './order.ts'
import { askSend, type Draft, type Outgoing, sealOutgoing, sentUpdates } from './outgoing.ts'
import { postingIn } from './posting.ts'
import { NO_REPLY, resolveReply } from './reply-to.ts'

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

/** Refuses quick replies. */
export function checkSendRequest(request: Omit<SendRequest, 'randomId'>): void {
  if (request.quickReplyShortcut !== undefined) throw new RpcError(400, 'SHORTCUT_INVALID')
}

/** The flags that are kept with a message. */
export function contentFlags(request: Pick<SendRequest, 'noforwards' | 'invertMedia'>): string[] {
  const flags: string[] = []
  if (request.noforwards === true) flags.push('noforwards')
  if (request.invertMedia === true) flags.push('invertMedia')
  return flags
}

/**
 * Sends one message and resolves to the caller's updates once it is durable. Content that is still to come, from a look-up
 * or a check, keeps the message's place before those that are sent after it. Rejects with the errors of the reply and of
 * the message actor (400 PEER_ID_INVALID, USER_IS_BLOCKED, YOU_BLOCKED_USER, INPUT_USER_DEACTIVATED).
 */
export async function send(
  context: CallContext,
  peerId: PeerId,
  request: SendRequest,
  content: Content | Promise<Content>,
): Promise<TlType<'Updates'>> {
  const { user, services } = context
  // What has to be done before may fail first; the failure of the content is then nobody's, and must not end the process.
  if (content instanceof Promise) content.catch(() => undefined)
  if (request.scheduleDate === WHEN_ONLINE) await requireShownStatus(context, peerId)
  const chatId = chatIdOf(user, peerId)
  const sent = await orderOf(services).run(
    `${user}/${chatId}`,
    () => {
      const begun = beginTimer(context, peerId)
      const prepared = () => prepare(context, peerId, chatId, request, content)
      return begun === undefined ? prepared() : begun.then(prepared)
    },
    async (outgoing) => {
      const counted = askSend(context, peerId, outgoing)
      return { outgoing, counted: await counted }
    },
  )
  if (request.clearDraft === true) {
    const topicId = topicOf(peerId, request.replyTo)
    await (topicId === undefined ? clearDraft(context, peerId) : clearTopicDraft(context, peerId, topicId))
  }
  if (request.scheduleDate === WHEN_ONLINE)
    await fireIfOnline(services, peerId as number as UserId, context.now)
  return sentUpdates(context, peerId, [sent])
}

/** Who waits for somebody to be online would be told when that is. @throws RpcError 400 SCHEDULE_STATUS_PRIVATE */
async function requireShownStatus({ services, user }: CallContext, peerId: PeerId): Promise<void> {
  if (peerId <= 0 || (await lets(services, user, peerId as number as UserId, 'StatusTimestamp'))) return
  throw new RpcError(400, 'SCHEDULE_STATUS_PRIVATE')
}

function prepare(
  context: CallContext,
  peerId: PeerId,
  chatId: ChatId,
  request: SendRequest,
  content: Content | Promise<Content>,
): Outgoing | Promise<Outgoing> {
  if (content instanceof Promise)
    return content.then((known) => prepare(context, peerId, chatId, request, known))
  if (request.randomId === 0n) throw new RpcError(400, 'RANDOM_ID_EMPTY')
  const dueAt = dueOf(context, peerId, request.scheduleDate)
  const draft = {
    randomId: request.randomId,
    silent: request.silent === true,
    content,
    reply: NO_REPLY,
    dueAt,
  }
  if (request.replyTo !== undefined)
    return prepareReply(context, peerId, chatId, request.replyTo, request, draft)
  const posting = postingIn(context, chatId, peerId, request.sendAs)
  if (posting instanceof Promise)
    return posting.then((found) => sealOutgoing(context, peerId, chatId, draft, found))
  return sealOutgoing(context, peerId, chatId, draft, posting)
}

async function prepareReply(
  context: CallContext,
  peerId: PeerId,
  chatId: ChatId,
  replyTo: TlType<'InputReplyTo'>,
  { sendAs }: Pick<SendRequest, 'sendAs'>,
  draft: Draft,
): Promise<Outgoing> {
  const [reply, posting] = await Promise.all([
    resolveReply(context, peerId, replyTo),
    postingIn(context, chatId, peerId, sendAs),
  ])
  const content = { ...draft.content, quote: reply.quote, replyElsewhere: reply.elsewhere }
  const answer = posting.isPost ? { ...reply, threadSeq: null } : reply
  return sealOutgoing(context, peerId, chatId, { ...draft, content, reply: answer }, posting)
}
