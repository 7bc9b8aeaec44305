import { chatIdOf, isChannelPeer, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, rpcError } from '@heliograph/schemas/tl'
import { channelStates, type RowOf } from '@heliograph/storage'
import { maySeeDiscussion } from '../../chats/discussion-access.ts'
import type { ChatFacts, MemberFacts } from '../../directory/chat-facts.ts'
import type { ChatView } from '../../directory/chats.ts'
import type { CallContext } from '../../handler.ts'
import { isShutOut } from '../../render/chat.ts'
import type { Mailbox } from './history.ts'

/** A channel as one user sees it, for its messages. */
export interface ChannelMailbox extends Mailbox {
  readonly floorSeq: number
  /** The last seq that the user has read. */
  readonly readSeq: number
  readonly facts: ChatFacts
  /** Undefined for somebody who never was in it. */
  readonly member: MemberFacts | undefined
}

type Opening = Pick<CallContext, 'services' | 'user' | 'now'>

/** The user's chat with a peer, for reading. As `openChannel` for channels, as `requireGroup` for basic groups. */
export function openMailbox(
  context: Opening,
  peerId: PeerId,
): Mailbox | Promise<Mailbox> | Promise<ChannelMailbox> {
  const { services, user } = context
  if (isChannelPeer(peerId)) return openChannel(context, peerId)
  const mailbox = { tables: services.tables, userId: user, peerId }
  return peerId > 0 ? mailbox : requireGroup(context, peerId).then(() => mailbox)
}

/**
 * Basic groups have no access hash: that the user is in one, or was, is what lets it name it.
 * @throws RpcError 400 CHAT_ID_INVALID
 */
export async function requireGroup({ services, user }: Opening, peerId: PeerId): Promise<void> {
  const { facts, member } = await services.chats.view(user, chatIdOf(user, peerId))
  if (facts === undefined || member === undefined) throw new RpcError(400, 'CHAT_ID_INVALID')
}

/**
 * A channel that the user may read: one that it is in, or one that is open to all (with a username), or the discussion group of
 * one that it may read.
 * @throws RpcError CHANNEL_PRIVATE, also for one that is gone
 */
export async function openChannel(context: Opening, peerId: PeerId): Promise<ChannelMailbox> {
  const [channel] = await channelMailboxes(context, [peerId])
  const isOpen =
    channel !== undefined && (mayRead(channel, context.now) || (await mayReadDiscussion(context, channel)))
  if (!isOpen) throw rpcError('CHANNEL_PRIVATE')
  return channel
}

/** Whether the user is in the channel, or it is open to all and the user has not been removed from it. */
export function mayRead({ facts, member }: Pick<ChannelMailbox, 'facts' | 'member'>, now: number): boolean {
  if (facts.flags.has('deactivated')) return false
  if (member?.isIn === true) return true
  if (isShutOut(facts, member, now)) return false
  return facts.username !== undefined
}

async function mayReadDiscussion(context: Opening, { facts, member }: ChannelMailbox): Promise<boolean> {
  return !isShutOut(facts, member, context.now) && (await maySeeDiscussion(context, facts))
}

/** The channels as the user sees them, in order; undefined for those that there are not. */
export async function channelMailboxes(
  { services, user }: Opening,
  peers: readonly PeerId[],
): Promise<(ChannelMailbox | undefined)[]> {
  const chatIds = peers.map((peerId) => chatIdOf(user, peerId))
  const [views, states] = await Promise.all([
    services.chats.views(user, chatIds),
    services.tables.getMany(
      chatIds.map((chatId) => ({ table: channelStates, key: { userId: user, chatId } })),
    ),
  ])
  return peers.map((peerId, i) =>
    mailboxOf(services.tables, user, peerId, views[i]!, states[i] as StateRow | undefined),
  )
}

type StateRow = RowOf<typeof channelStates>

function mailboxOf(
  tables: Mailbox['tables'],
  userId: Mailbox['userId'],
  peerId: PeerId,
  { facts, member }: ChatView,
  state: StateRow | undefined,
): ChannelMailbox | undefined {
  if (facts === undefined) return undefined
  const floorSeq = Math.max(member?.minSeq ?? 0, state?.clearedSeq ?? 0)
  return { tables, userId, peerId, floorSeq, readSeq: state?.readSeq ?? 0, facts, member }
}
