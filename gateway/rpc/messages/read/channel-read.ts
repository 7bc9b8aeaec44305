import {
  CHANNEL_PEER_BASE,
  chatIdOf,
  type MessageSeq,
  type PeerId,
  type UserId,
  userKey,
} from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { channelReads } from '@heliograph/storage'
import type { CallContext } from '../../handler.ts'
import type { Services } from '../../services.ts'
import { topOf } from '../mailbox/extent.ts'
import { type ChannelMailbox, channelMailboxes } from '../mailbox/open.ts'
import { unreadIn } from './unread.ts'

/** What tells a user's other sessions how far it has read a channel; undefined for a channel that is gone. */
export async function channelReadUpdate(
  services: Pick<Services, 'tables' | 'keyring' | 'chats' | 'nowMs'>,
  userId: UserId,
  peerId: PeerId,
): Promise<Tl<'updateReadChannelInbox'> | undefined> {
  const context = { services: services as Services, user: userId, now: Math.floor(services.nowMs() / 1000) }
  const [channel] = await channelMailboxes(context, [peerId])
  if (channel === undefined) return undefined
  const { topSeq, pts } = await topOf(channel)
  const { readSeq } = channel
  return {
    _: 'updateReadChannelInbox',
    channelId: CHANNEL_PEER_BASE - peerId,
    maxId: readSeq,
    stillUnreadCount: await unreadIn(services, channel, topSeq),
    pts,
  }
}

/**
 * The user has read a channel as far as `maxId` (0 all of it): its own mark moves, and where nobody else has read as far, what
 * senders see moves too. Nothing happens where it had read that already. In a forum what was read of a topic moves no more than
 * what senders see: `inTopic`.
 */
export async function markChannelRead(
  { services, user, caller }: CallContext,
  channel: ChannelMailbox,
  maxId: number,
  { inTopic = false } = {},
): Promise<void> {
  const { topSeq } = await topOf(channel)
  const upTo = (maxId > 0 ? Math.min(maxId, topSeq) : topSeq) as MessageSeq
  if (upTo <= channel.readSeq) return
  const chatId = chatIdOf(user, channel.peerId)
  const mark = { type: 'MarkChannel', userId: user, chatId, readSeq: upTo, clearedSeq: null } as const
  if (!inTopic) await services.commands.ask('account.commands', userKey(user), mark, caller)
  if (channel.facts.kind === 'broadcast' || channel.member?.isIn !== true) return
  const reads = await services.tables.get(channelReads, { chatId })
  const isTop = reads?.topReaderId === user
  if (upTo <= (isTop ? (reads?.topReadSeq ?? 0) : (reads?.secondReadSeq ?? 0))) return
  const raise = { type: 'RaiseRead', chatId, readerId: user, upToSeq: upTo } as const
  await services.commands.ask('chat.commands', chatId, raise, caller)
}
