import {
  type Amendment,
  BASIS_BYTES,
  chatIdOf,
  isChannelPeer,
  type MessageSeq,
  type PeerId,
} from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { drawRandomId, serviceOf } from '../../chats/told.ts'
import type { CallContext } from '../../handler.ts'
import { renderMessage } from '../../render/message.ts'
import { wordsFor } from '../../search-index/index.ts'
import { type Counted, countedOf, namedIn, updatesOf } from '../answers.ts'
import { type Content, sealBody } from '../content.ts'
import { extraOf } from '../extra.ts'
import type { HistoryEntry } from '../mailbox/history.ts'
import { type OpenedMessage, openMessages, sealedIn } from '../mailbox/rendered.ts'

/** Others may have been faster: so often a message is read and amended again. */
const MAX_TRIES = 5

export interface Amended {
  readonly message: OpenedMessage
  readonly counted: Counted
  readonly service: { readonly content: Content; readonly randomId: bigint } | undefined
}

/** What is made of a message; undefined leaves it as it is. */
export type Change = (
  content: Content,
) => { readonly content: Content; readonly action?: TlType<'MessageAction'> } | undefined

/**
 * Gives a message another body, which is made from the one that it has, without its being an edit. Undefined where there was
 * nothing to change. Rejects with 400 MESSAGE_ID_INVALID and as the actor says.
 */
export async function amend(
  context: CallContext,
  peerId: PeerId,
  find: () => Promise<HistoryEntry | undefined>,
  what: Amendment,
  change: Change,
): Promise<Amended | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await amendOnce(context, peerId, await find(), what, change)
    } catch (error) {
      if (!(error instanceof RpcError) || error.message !== 'MESSAGE_CHANGED' || tries === MAX_TRIES)
        throw error
    }
  }
}

async function amendOnce(
  context: CallContext,
  peerId: PeerId,
  entry: HistoryEntry | undefined,
  what: Amendment,
  change: Change,
): Promise<Amended | undefined> {
  const { services, user, caller } = context
  const [message] = entry === undefined ? [] : await openMessages(services, user, [entry])
  const sealedBefore = message?.row?.sealed
  if (message?.content === undefined || !sealedBefore) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  const chatId = chatIdOf(user, peerId)
  if (sealedIn(chatId, message.row) !== chatId) return undefined
  const changed = change(message.content)
  if (changed === undefined) return undefined
  const { content, action } = changed
  const service = action && (await serviceOf(context, chatId, action))
  const command = {
    type: 'AmendMessage',
    chatId,
    userId: user,
    seq: message.entry.seq as MessageSeq,
    what,
    basis: sealedBefore.subarray(-BASIS_BYTES),
    sealed: await sealBody(services, chatId, content),
    extra: extraOf(content),
    words: wordsFor(services.keyring, chatId, content.text),
    service: service?.fields.service ?? null,
    serviceRandomId: service?.fields.serviceRandomId ?? drawRandomId(context),
  } as const
  const counted = countedOf(await services.commands.ask('chat.commands', chatId, command, caller))
  const told = service && { content: service.content, randomId: service.fields.serviceRandomId }
  return { message: { ...message, content }, counted, service: told }
}

/** The updates that tell the caller of the service message which tells of an amendment. */
export async function amendedUpdates(
  context: CallContext,
  peerId: PeerId,
  { message, counted, service }: Amended,
): Promise<TlType<'Updates'>> {
  const { msgId, date, pts, ptsCount } = counted
  const head = { msgId, peerId, senderId: context.user, out: true, date, editDate: 0, silent: false }
  const isPost = message.isPost
  const shown = renderMessage(
    context.user,
    { ...head, replyToMsgId: message.entry.msgId, ...(isPost && { isPost, postAs: peerId }) },
    service!.content,
  )
  const kind = isChannelPeer(peerId) ? 'updateNewChannelMessage' : 'updateNewMessage'
  const updates: TlType<'Update'>[] = [
    { _: 'updateMessageID', id: msgId, randomId: service!.randomId },
    { _: kind, message: shown, pts, ptsCount },
  ]
  const { users, chats } = await namedIn(context, [shown], [context.user])
  return updatesOf(updates, users, date, chats)
}
