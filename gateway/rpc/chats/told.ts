import {
  type ChatId,
  chatKindOf,
  type GroupCommand,
  numberOfChat,
  type PeerId,
  peerIdOfChat,
  type Reply,
} from '@heliograph/schemas/avro'
import { encodeObject, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { namedIn, updatesOf } from '../messages/answers.ts'
import { type Content, sealBody, textContent } from '../messages/content.ts'
import { renderMessage } from '../render/message.ts'
import { renderPeer } from '../render/peer.ts'
import { isAnonymous } from './anonymity.ts'

/** What a command carries of the service message that goes with it. */
export interface ServiceFields {
  readonly service: Buffer | null
  readonly serviceRandomId: bigint
}
/** A service message as it is sealed and, in the answer, shown. */
export interface Service {
  readonly content: Content
  readonly fields: ServiceFields
}

export const NO_SERVICE: ServiceFields = { service: null, serviceRandomId: 0n }

const RANDOM_ID_BYTES = 8

/** A number that names a send of the server's own. */
export function drawRandomId({ services }: Pick<CallContext, 'services'>): bigint {
  return Buffer.from(services.random(RANDOM_ID_BYTES)).readBigInt64LE() || 1n
}

/** A service message for a chat, sealed with its key. */
export async function serviceOf(
  context: Pick<CallContext, 'services'>,
  chatId: ChatId,
  action: TlType<'MessageAction'>,
): Promise<Service> {
  const content = { ...textContent(''), action: Buffer.from(encodeObject(action)) }
  const service = await sealBody(context.services, chatId, content)
  return { content, fields: { service, serviceRandomId: drawRandomId(context) } }
}

/**
 * Gives a command to the actor of a chat; rejects with its rejection. Reads of this node see what it changed, and after a rejection
 * what it was judged by: a first try may have been carried out by an owner of the partition that did not live to publish it, and who
 * is told USER_ALREADY_PARTICIPANT must not find itself outside for as long as the directory believes what it knows.
 */
export async function askChat(
  { services, caller }: Pick<CallContext, 'services' | 'caller'>,
  command: GroupCommand,
): Promise<Reply> {
  try {
    return await services.commands.ask('chat.commands', command.chatId, command, caller)
  } finally {
    services.chats.changed(command.chatId)
  }
}

/** What an answer says beside the service message. */
export interface Beside {
  /** Updates before the message. */
  readonly updates?: readonly TlType<'Update'>[]
  readonly peers?: Iterable<PeerId>
}

/** What a command to a chat changed, as its caller is told: the service message, if there is one, and the chat anew. */
export async function chatUpdates(
  context: CallContext,
  chatId: ChatId,
  reply: Reply,
  service?: Service,
  { updates = [], peers = [] }: Beside = {},
): Promise<Tl<'updates'>> {
  const told: TlType<'Update'>[] = []
  const messages: TlType<'Message'>[] = []
  const sent = service && (await sentService(context, chatId, reply, service))
  if (sent !== undefined) told.push(sent.id)
  told.push(...updates)
  if (updates.length === 0 || chatKindOf(chatId) === 'channel') told.push(changedUpdate(chatId))
  if (sent !== undefined) {
    told.push(sent.update)
    messages.push(sent.update.message)
  }
  const named = await namedIn(context, messages, [
    peerIdOfChat(chatId),
    context.user as number as PeerId,
    ...peers,
  ])
  return updatesOf(told, named.users, context.now, named.chats)
}

/** That a chat has to be read again. */
export function changedUpdate(chatId: ChatId): TlType<'Update'> {
  const id = numberOfChat(chatId)
  return chatKindOf(chatId) === 'channel'
    ? { _: 'updateChannel', channelId: id }
    : { _: 'updateChat', chatId: id }
}

async function sentService(context: CallContext, chatId: ChatId, reply: Reply, { content, fields }: Service) {
  const { mailbox, channel } = reply
  const counted = channel !== null ? { ...channel, msgId: channel.seq as number } : mailbox
  if (counted === null || counted.msgId === 0) return undefined
  const { msgId, date, pts, ptsCount } = counted
  const { facts, member } = await context.services.chats.view(context.user, chatId)
  const isPost = facts?.kind === 'broadcast'
  const isInItsName = isPost || (facts?.kind === 'supergroup' && isAnonymous(member))
  const head = {
    msgId,
    peerId: peerIdOfChat(chatId),
    senderId: context.user,
    out: true,
    date,
    editDate: 0,
    silent: false,
    replyToMsgId: 0,
    postAs: isInItsName ? peerIdOfChat(chatId) : null,
    isPost,
  }
  const message = renderMessage(context.user, head, content)
  const id = { _: 'updateMessageID', id: msgId, randomId: fields.serviceRandomId } as const
  const kind = channel !== null ? 'updateNewChannelMessage' : 'updateNewMessage'
  return { id, update: { _: kind, message, pts, ptsCount } as const }
}

export const chatPeerOf = (chatId: ChatId): TlType<'Peer'> => renderPeer(peerIdOfChat(chatId))
