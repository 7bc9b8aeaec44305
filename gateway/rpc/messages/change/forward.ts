import { chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { renderMessage } from '../../render/message.ts'
import { type MailboxAnswer, mailboxOf, updatesOf, usersOf } from '../answers.ts'
import { type Content, sealBody } from '../content.ts'
import { locate } from '../mailbox/locate.ts'
import { mediaExtra } from '../media/extra.ts'
import { type OpenedMessage, openMessages } from '../mailbox/rendered.ts'
import { checkSendRequest, orderOf } from '../send/send.ts'

export const MAX_FORWARDED = 100

type ForwardCall = Parameters<Handler<'messages.forwardMessages'>>[0]

interface Forwarded {
  readonly randomId: bigint
  readonly content: Content
  readonly sealed: Buffer
}

/** `messages.forwardMessages`: copies of messages of one chat in another, each under its own random id, in order. */
export const forwardMessages: Handler<'messages.forwardMessages'> = async (call, context) => {
  checkForward(call)
  const { user, services } = context
  const fromPeer = inputPeerId(call.fromPeer, context)
  const toPeer = inputPeerId(call.toPeer, context)
  const sent = await orderOf(services).run(
    `${user}/${chatIdOf(user, toPeer)}`,
    () => prepare(context, call, fromPeer, toPeer),
    (prepared) =>
      Promise.all(prepared.map((forwarded) => ask(context, toPeer, forwarded, call.silent === true))),
  )
  return answerForwarded(context, toPeer, call.silent === true, sent)
}

function checkForward(call: ForwardCall): void {
  const { id, randomId } = call
  if (id.length === 0) throw new RpcError(400, 'MESSAGE_IDS_EMPTY')
  if (id.length > MAX_FORWARDED) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  if (id.length !== randomId.length) throw new RpcError(400, 'RANDOM_ID_INVALID')
  if (new Set(randomId).size !== randomId.length) throw new RpcError(400, 'RANDOM_ID_DUPLICATE')
  if (randomId.includes(0n)) throw new RpcError(400, 'RANDOM_ID_INVALID')
  checkSendRequest({ ...call, replyTo: undefined })
}

/** Messages that are gone are left out; 400 MESSAGE_ID_INVALID where none is left. */
async function prepare(
  context: CallContext,
  call: ForwardCall,
  fromPeer: PeerId,
  toPeer: PeerId,
): Promise<Forwarded[]> {
  const { user, services } = context
  const located = await locate(services.tables, user, call.id)
  const wanted = located.flatMap((entry, index) =>
    entry?.peerId === fromPeer ? [{ entry, randomId: call.randomId[index]! }] : [],
  )
  const opened = await openMessages(
    services,
    user,
    wanted.map(({ entry }) => entry),
  )
  const chatId = chatIdOf(user, toPeer)
  const prepared: Forwarded[] = []
  for (const [index, message] of opened.entries()) {
    if (message.content === undefined) continue
    const content = forwardedContent(message, message.content, call, toPeer === (user as number))
    const sealed = await sealBody(services, chatId, content)
    prepared.push({ randomId: wanted[index]!.randomId, content, sealed })
  }
  if (prepared.length === 0) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  return prepared
}

type ForwardOptions = Pick<ForwardCall, 'dropAuthor' | 'dropMediaCaptions' | 'noforwards'>

/**
 * What a forwarded message says: the same, with its first author (unless dropped), without what it answered. Saved
 * Messages also keep the chat and message that it was saved from.
 */
export function forwardedContent(
  { entry }: OpenedMessage,
  content: Content,
  options: ForwardOptions,
  toSaved: boolean,
): Content {
  if (content.flags.includes('noforwards')) throw new RpcError(400, 'CHAT_FORWARDS_RESTRICTED')
  const withoutCaption = options.dropMediaCaptions === true && content.media !== null
  return {
    ...content,
    ...(withoutCaption ? { text: '', entities: [] } : {}),
    quote: null,
    flags: options.noforwards === true ? [...content.flags, 'noforwards'] : content.flags,
    forward: options.dropAuthor === true ? null : forwardHeader(entry, content, toSaved),
  }
}

function forwardHeader(
  entry: OpenedMessage['entry'],
  { forward }: Content,
  toSaved: boolean,
): Content['forward'] {
  const author = forward ?? { fromUserId: entry.senderId, fromName: null, date: entry.date }
  return {
    fromUserId: author.fromUserId,
    fromName: author.fromName,
    date: author.date,
    savedFromPeerId: toSaved ? entry.peerId : null,
    savedFromMsgId: toSaved ? entry.msgId : null,
    fromPeerId: null,
    channelPost: null,
    postAuthor: null,
  }
}

async function ask(
  { user, services, caller }: CallContext,
  toPeer: PeerId,
  forwarded: Forwarded,
  silent: boolean,
): Promise<{ forwarded: Forwarded; answer: MailboxAnswer }> {
  const chatId = chatIdOf(user, toPeer)
  const { randomId, sealed, content } = forwarded
  const command = {
    type: 'SendMessage',
    chatId,
    senderId: user,
    randomId,
    sealed,
    replyToSeq: null,
    silent,
    extra: mediaExtra(content),
    words: null,
  } as const
  return {
    forwarded,
    answer: mailboxOf(await services.commands.ask('chat.commands', chatId, command, caller)),
  }
}

async function answerForwarded(
  context: CallContext,
  peerId: PeerId,
  silent: boolean,
  sent: readonly { forwarded: Forwarded; answer: MailboxAnswer }[],
): Promise<TlType<'Updates'>> {
  const ids: TlType<'Update'>[] = []
  const updates: TlType<'Update'>[] = []
  const messages: TlType<'Message'>[] = []
  for (const { forwarded, answer } of sent) {
    const { msgId, date, pts, ptsCount } = answer
    const place = {
      msgId,
      peerId,
      senderId: context.user,
      out: true,
      date,
      editDate: 0,
      silent,
      replyToMsgId: 0,
    }
    const message = renderMessage(context.user, place, forwarded.content)
    messages.push(message)
    ids.push({ _: 'updateMessageID', id: msgId, randomId: forwarded.randomId })
    updates.push({ _: 'updateNewMessage', message, pts, ptsCount })
  }
  const users = await usersOf(context, messages, [context.user])
  return updatesOf([...ids, ...updates], users, sent[sent.length - 1]!.answer.date)
}
