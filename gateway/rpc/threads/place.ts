import {
  type ChatId,
  chatIdOf,
  GENERAL_TOPIC,
  isChannelPeer,
  type MessageSeq,
  type PeerId,
  peerIdOfChat,
} from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { discussions, type RowOf, threads, topics } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import type { HistoryEntry } from '../messages/mailbox/history.ts'
import { locateOneIn } from '../messages/mailbox/locate.ts'
import { type ChannelMailbox, openChannel } from '../messages/mailbox/open.ts'
import { inputPeerId } from '../peers.ts'

/** A thread that the caller may read. */
export interface ThreadPlace {
  /** The supergroup that it is in, narrowed to the thread. */
  readonly mailbox: ChannelMailbox
  readonly chatId: ChatId
  readonly topSeq: MessageSeq
  /** Undefined where nobody has answered yet. */
  readonly thread: RowOf<typeof threads> | undefined
  /** The post that is commented in it, and its channel. */
  readonly post: { readonly peerId: PeerId; readonly msgId: number } | undefined
}

const refused = () => new RpcError(400, 'MSG_ID_INVALID')

/**
 * The thread under a message of a supergroup, a topic of a forum, or the comments of a post of a broadcast channel.
 * @throws RpcError 400 PEER_ID_INVALID for other chats, MSG_ID_INVALID, TOPIC_ID_INVALID, and as `openChannel`
 */
export async function threadPlace(
  context: CallContext,
  input: TlType<'InputPeer'>,
  msgId: number,
): Promise<ThreadPlace> {
  const peerId = inputPeerId(input, context)
  if (!isChannelPeer(peerId)) throw new RpcError(400, 'PEER_ID_INVALID')
  const channel = await openChannel(context, peerId)
  if (channel.facts.kind !== 'broadcast') return placeIn(context, channel, msgId)
  const { linkedChatId } = channel.facts
  if (linkedChatId === undefined) throw refused()
  const key = { postChatId: chatIdOf(context.user, peerId), postSeq: msgId, chatId: linkedChatId }
  const copy = await context.services.tables.get(discussions, key)
  if (copy === undefined) throw refused()
  const group = await openChannel(context, peerIdOfChat(linkedChatId))
  return { ...(await placeIn(context, group, copy.topSeq!)), post: { peerId, msgId } }
}

async function placeIn(context: CallContext, channel: ChannelMailbox, top: number): Promise<ThreadPlace> {
  const { tables } = context.services
  const chatId = chatIdOf(context.user, channel.peerId)
  const key = { chatId, topSeq: top }
  const [thread, entry, topic] = await Promise.all([
    tables.get(threads, key),
    locateOneIn(channel, top),
    tables.get(topics, key),
  ])
  const isGeneral = top === GENERAL_TOPIC && channel.facts.flags.has('forum')
  const isThere = isGeneral || thread !== undefined || entry !== undefined
  if (topic?.deleted === true) throw new RpcError(400, 'TOPIC_ID_INVALID')
  if (!isThere) throw refused()
  const mailbox = { ...channel, threadSeq: top }
  return { mailbox, chatId, topSeq: top as MessageSeq, thread, post: undefined }
}

/** The first message; undefined where it has been deleted. */
export function topMessage({ mailbox, topSeq }: ThreadPlace): Promise<HistoryEntry | undefined> {
  const { threadSeq: _, ...channel } = mailbox
  return locateOneIn(channel, topSeq)
}
