import {
  CHANNEL_PEER_BASE,
  type ChatId,
  chatIdOf,
  isChannelPeer,
  MAX_PINNED_PER_COMMAND,
  type MessageSeq,
  type PeerId,
  peerIdOf,
} from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { pinnedMessages } from '@heliograph/storage'
import { pinLog } from '../../chats/message-log.ts'
import { NO_SERVICE, type Service, serviceOf } from '../../chats/told.ts'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { renderMessage } from '../../render/message.ts'
import { renderPeer } from '../../render/peer.ts'
import { type Counted, countedOf, countersOf, namedIn, updatesOf } from '../answers.ts'
import { topOf } from '../mailbox/extent.ts'
import type { HistoryEntry, Mailbox } from '../mailbox/history.ts'
import { locateOneIn } from '../mailbox/locate.ts'
import { openMailbox } from '../mailbox/open.ts'
import { AS_ONESELF, postingIn } from '../send/posting.ts'

/**
 * `messages.updatePinnedMessage`: with a service message that tells of it, unless it is to be silent or for the caller alone. 400
 * MESSAGE_ID_INVALID, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED, PIN_RESTRICTED.
 */
export const updatePinnedMessage: Handler<'messages.updatePinnedMessage'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  const entry = await locateOneIn(await openMailbox(context, peerId), call.id)
  if (entry === undefined) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  const chatId = chatIdOf(context.user, peerId)
  const pinned = call.unpin !== true
  const oneSide = call.pmOneside === true && peerId > 0
  const isTold = pinned && !oneSide && call.silent !== true
  const service = isTold ? await serviceOf(context, chatId, { _: 'messageActionPinMessage' }) : undefined
  const counted = await askPin(context, chatId, [entry.seq], { pinned, oneSide }, service)
  if (service !== undefined) return toldOf(context, entry, service, counted)
  const { users, chats } = await namedIn(context, [], [peerId])
  return updatesOf([pinUpdate(peerId, [entry.msgId], pinned, counted)], users, context.now, chats)
}

interface Pinning {
  readonly pinned: boolean
  readonly oneSide: boolean
}

async function askPin(
  context: CallContext,
  chatId: ChatId,
  seqs: MessageSeq[],
  pinning: Pinning,
  service?: Service,
): Promise<Counted> {
  const { services, user, caller } = context
  const told = service?.fields ?? NO_SERVICE
  const log = await pinLog(context, peerIdOf(user, chatId), seqs, pinning.pinned)
  const command = { type: 'PinMessages', chatId, userId: user, seqs, ...pinning, ...told, log } as const
  return countedOf(await services.commands.ask('chat.commands', chatId, command, caller))
}

function pinUpdate(
  peerId: PeerId,
  messages: number[],
  pinned: boolean,
  { pts, ptsCount }: Pick<Counted, 'pts' | 'ptsCount'>,
): TlType<'Update'> {
  const flag = pinned ? { pinned } : {}
  if (!isChannelPeer(peerId))
    return { _: 'updatePinnedMessages', ...flag, peer: renderPeer(peerId), messages, pts, ptsCount }
  const channelId = CHANNEL_PEER_BASE - peerId
  return { _: 'updatePinnedChannelMessages', ...flag, channelId, messages, pts, ptsCount }
}

/** The service message; that the message is pinned comes to all sessions as an update of its own. */
async function toldOf(
  context: CallContext,
  { peerId, msgId: replyToMsgId }: HistoryEntry,
  { content, fields }: Service,
  { msgId, date, pts, ptsCount }: Counted,
): Promise<TlType<'Updates'>> {
  const { user } = context
  const posting =
    peerId > 0 ? AS_ONESELF : await postingIn(context, chatIdOf(user, peerId), peerId, undefined)
  const { postAs, isPost } = posting
  const place = { msgId, peerId, senderId: user, out: true, date, editDate: 0, silent: false }
  const message = renderMessage(user, { ...place, replyToMsgId, postAs, isPost }, content)
  const kind = isChannelPeer(peerId) ? 'updateNewChannelMessage' : 'updateNewMessage'
  const { users, chats } = await namedIn(context, [message], [peerId, user])
  const id = { _: 'updateMessageID', id: msgId, randomId: fields.serviceRandomId } as const
  return updatesOf([id, { _: kind, message, pts, ptsCount }], users, date, chats)
}

/** `messages.unpinAllMessages`: in chunks; `offset` above 0 tells the client to call again. */
export const unpinAllMessages: Handler<'messages.unpinAllMessages'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  const { user, services } = context
  const mailbox = await openMailbox(context, peerId)
  const chatId = chatIdOf(user, peerId)
  const rows = await services.tables.range(pinnedMessages, { chatId }, { limit: MAX_PINNED_PER_COMMAND + 1 })
  const own = rows.filter(({ pinnedFor }) => peerId < 0 || pinnedFor?.includes(user) === true)
  const seqs = own.slice(0, MAX_PINNED_PER_COMMAND).map(({ seq }) => seq as MessageSeq)
  if (seqs.length === 0)
    return { _: 'messages.affectedHistory', ...(await still(context, mailbox)), offset: 0 }
  const { pts, ptsCount } = await askPin(context, chatId, seqs, { pinned: false, oneSide: false })
  return { _: 'messages.affectedHistory', pts, ptsCount, offset: own.length - seqs.length }
}

async function still(context: CallContext, mailbox: Mailbox): Promise<Pick<Counted, 'pts' | 'ptsCount'>> {
  const { pts } = isChannelPeer(mailbox.peerId) ? await topOf(mailbox) : await countersOf(context)
  return { pts, ptsCount: 0 }
}
