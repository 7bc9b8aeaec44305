import {
  CHANNEL_PEER_BASE,
  type ChatId,
  chatKindOf,
  type PeerId,
  peerIdOfChat,
} from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { channelUpdates, chats, type RowOf, userChats } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'

/** Channels of one user that are looked at. */
const MAX_CHANNELS = 1_000

export interface ChangedChannels {
  readonly updates: TlType<'Update'>[]
  readonly peers: PeerId[]
}

/**
 * The user's channels in which anything has happened since `date` (Unix seconds): a client takes the difference of each. Those that
 * the user came into since are named too, since a client knows nothing of them.
 */
export async function changedChannels(
  { services, user }: CallContext,
  date: number,
): Promise<ChangedChannels> {
  const { tables } = services
  const all = await tables.range(userChats, { userId: user }, { limit: MAX_CHANNELS })
  const rows = all.filter(({ chatId }) => chatKindOf(chatId as ChatId) === 'channel')
  const updates: TlType<'Update'>[] = []
  const peers: PeerId[] = []
  if (rows.length === 0) return { updates, peers }
  const pts = await ptsOf(tables, rows)
  const moved = (await tables.getMany(
    rows.map(({ chatId }, i) => ({ table: channelUpdates, key: { chatId: chatId!, pts: pts[i]! } })),
  )) as (RowOf<typeof channelUpdates> | undefined)[]
  for (const [i, { chatId, date: joined }] of rows.entries()) {
    const peerId = peerIdOfChat(chatId as ChatId)
    const channelId = CHANNEL_PEER_BASE - peerId
    const isNew = (joined ?? 0) >= date
    const isMoved = (moved[i]?.date ?? 0) >= date
    if (isNew) updates.push({ _: 'updateChannel', channelId })
    if (isMoved) updates.push({ _: 'updateChannelTooLong', channelId, pts: pts[i]! })
    if (isNew || isMoved) peers.push(peerId)
  }
  return { updates, peers }
}

async function ptsOf(
  tables: CallContext['services']['tables'],
  rows: readonly RowOf<typeof userChats>[],
): Promise<number[]> {
  const refs = rows.map(({ chatId }) => ({ table: chats, key: { chatId: chatId! } }))
  const found = (await tables.getMany(refs)) as (RowOf<typeof chats> | undefined)[]
  return found.map((row) => row?.pts ?? 0)
}
