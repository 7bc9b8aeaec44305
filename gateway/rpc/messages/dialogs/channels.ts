import { type ChatId, chatIdOf, isChannelPeer, type PeerId, peerIdOfChat } from '@heliograph/schemas/avro'
import { channelReads, chats, type RowOf, unreadMentions, userChats } from '@heliograph/storage'
import type { CallContext } from '../../handler.ts'
import { FIRST_CHANNEL_PTS } from '../mailbox/extent.ts'
import { type HistoryEntry, liveEntries } from '../mailbox/history.ts'
import { locateChannelTops } from '../mailbox/locate.ts'
import { type ChannelMailbox, channelMailboxes } from '../mailbox/open.ts'
import { unreadIn } from '../read/unread.ts'
import type { Dialog } from './state.ts'

/** Channels of one user that stand in its list. */
const MAX_CHANNELS = 1_000
/** Unread mentions of one chat are counted up to this. */
const MAX_COUNTED_MENTIONS = 100

/** What a channel's dialog is made of, beside its top message. */
export interface ChannelDialog {
  readonly mailbox: ChannelMailbox
  readonly topSeq: number
  readonly pts: number
  /** How far others have read what the user sent. */
  readonly readOutSeq: number
}

/** What takes a look at messages, and is counted for the dialogs of a page only. */
export interface Counts {
  readonly unread: number
  readonly mentions: number
}

type Looking = Pick<CallContext, 'services' | 'user' | 'now'>

/** The channels that the user is in. */
export async function memberChannels({ services, user }: Looking): Promise<PeerId[]> {
  const rows = await services.tables.range(userChats, { userId: user }, { limit: MAX_CHANNELS })
  return rows.map(({ chatId }) => peerIdOfChat(chatId as ChatId)).filter(isChannelPeer)
}

/** The dialogs of these channels, in order; without any state where there is no such channel. */
export async function channelDialogs(context: Looking, peers: readonly PeerId[]): Promise<Dialog[]> {
  if (peers.length === 0) return []
  const { tables } = context.services
  const chatIds = peers.map((peerId) => chatIdOf(context.user, peerId))
  const [mailboxes, rows] = await Promise.all([
    channelMailboxes(context, peers),
    tables.getMany(
      chatIds.flatMap((chatId) => [
        { table: chats, key: { chatId } },
        { table: channelReads, key: { chatId } },
      ]),
    ),
  ])
  const channels = peers.map((_, i) => {
    const chat = rows[2 * i] as RowOf<typeof chats> | undefined
    return channelDialog(mailboxes[i], chat, rows[2 * i + 1] as ReadsRow | undefined)
  })
  const tops = await topsOf(context, peers, channels)
  return peers.map((peerId, i) => {
    const channel = channels[i]
    const dialog = { peerId, row: undefined, top: tops[i] }
    return channel === undefined ? dialog : { ...dialog, channel }
  })
}

type ReadsRow = RowOf<typeof channelReads>

function channelDialog(
  mailbox: ChannelMailbox | undefined,
  chat: RowOf<typeof chats> | undefined,
  reads: ReadsRow | undefined,
): ChannelDialog | undefined {
  if (mailbox === undefined) return undefined
  const topSeq = chat?.lastSeq ?? 0
  const isTopReader = reads?.topReaderId === mailbox.userId
  const readByOthers = (isTopReader ? reads?.secondReadSeq : reads?.topReadSeq) ?? 0
  const readOutSeq = mailbox.facts.kind === 'broadcast' ? topSeq : readByOthers
  return { mailbox, topSeq, pts: chat?.pts ?? FIRST_CHANNEL_PTS, readOutSeq }
}

async function topsOf(
  { services, user }: Looking,
  peers: readonly PeerId[],
  channels: readonly (ChannelDialog | undefined)[],
): Promise<(HistoryEntry | undefined)[]> {
  const last = await locateChannelTops(
    services.tables,
    user,
    peers.map((peerId, i) => ({ peerId, topSeq: channels[i]?.topSeq ?? 0 })),
  )
  return Promise.all(
    channels.map((channel, i) => {
      if (channel === undefined) return undefined
      const { mailbox, topSeq } = channel
      if (last[i] !== undefined && topSeq > mailbox.floorSeq) return last[i]
      return liveEntries(mailbox, { from: 1, to: topSeq - 1, descending: true }, 0, 1).then(([top]) => top)
    }),
  )
}

/** What a dialog of a group or channel shows as unread. */
export async function countsOf(
  { services, user }: Looking,
  { peerId, row, channel }: Dialog,
): Promise<Counts> {
  if (peerId > 0) return { unread: row?.unread ?? 0, mentions: 0 }
  const key = { userId: user, chatId: chatIdOf(user, peerId) }
  const [unread, mentions] = await Promise.all([
    channel === undefined ? (row?.unread ?? 0) : unreadIn(services, channel.mailbox, channel.topSeq),
    services.tables.range(unreadMentions, key, { limit: MAX_COUNTED_MENTIONS }),
  ])
  return { unread, mentions: mentions.length }
}

/** When a user came into a channel in which it sees no message. */
export const joinedAt = ({ channel }: Dialog): number => channel?.mailbox.member?.date ?? 0
