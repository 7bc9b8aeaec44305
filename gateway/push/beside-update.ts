import {
  type ChatUpdate,
  chatIdOf,
  chatKindOf,
  isChannelPeer,
  numberOfChat,
  type PeerId,
  peerIdOf,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { mailboxHistory, messages, type RowRef } from '@heliograph/storage'
import { renderNamed, updatesOf } from '../rpc/messages/answers.ts'
import { isBroadcast } from '../rpc/messages/mailbox/broadcast.ts'
import { channelEntry, entryOf, type HistoryEntry, type MessageRow } from '../rpc/messages/mailbox/history.ts'
import { openMessages } from '../rpc/messages/mailbox/rendered.ts'
import { pollsAt } from '../rpc/polls/state.ts'
import { pollOf, pollUpdate, votersOf } from '../rpc/polls/update.ts'
import { neutralReactions } from '../rpc/reactions/shown.ts'
import { peersOf, reactionUpdates, updateOf } from '../rpc/reactions/update.ts'
import { countersOf, placeOf } from '../rpc/views/beside.ts'
import { NEUTRAL, neutrally } from './chat-update.ts'
import { nowSeconds, type PushServices } from './mailbox-update.ts'

/**
 * What others did to messages: reactions, votes, views. The record names the messages only; what stands beside them is read
 * here, once for all who hear of it in a channel.
 */

type Pushed = Tl<'updates'> | undefined

const BESIDE_KINDS: ReadonlySet<string> = new Set(['reactions', 'poll', 'views'])
export const isBeside = ({ kind }: ChatUpdate): boolean => BESIDE_KINDS.has(kind)

/** Whether a user is told otherwise than all others: who did it, whose message it was done to, members of what is no channel. */
export function hasOwnBeside({ chatId, kind, senderId, userIds }: ChatUpdate, viewer: UserId): boolean {
  if (kind === 'views') return false
  if (kind === 'reactions' && chatKindOf(chatId) !== 'channel') return true
  return viewer === senderId || userIds.includes(viewer)
}

/** For all alike. */
export async function neutralBesideUpdate(services: PushServices, update: ChatUpdate): Promise<Pushed> {
  switch (update.kind) {
    case 'reactions':
      return neutralReactionUpdate(services, update)
    case 'poll':
      return neutralPollUpdate(services, update)
    default:
      return viewUpdates(services, update)
  }
}

/** As the viewer sees it. */
export async function ownBesideUpdate(
  services: PushServices,
  viewer: UserId,
  update: ChatUpdate,
): Promise<Pushed> {
  const { chatId, kind, seqs, date } = update
  const peerId = peerIdOf(viewer, chatId)
  const entries = await entriesOf(services, viewer, peerId, seqs)
  if (entries.length === 0) return undefined
  const named = (peers: Iterable<PeerId>) =>
    renderNamed({ services, user: viewer, now: nowSeconds(services) }, peers)
  if (kind === 'reactions') {
    const updates = await reactionUpdates(services, viewer, peerId, entries)
    const { users, chats } = await named(peersOf(peerId, updates))
    return updatesOf(updates, users, date, chats)
  }
  const told = await pollTold(services, viewer, viewer, entries[0]!)
  if (told === undefined) return undefined
  const { users, chats } = await named(new Set([peerId, ...(votersOf(told) as number[] as PeerId[])]))
  return updatesOf([told], users, date, chats)
}

/** The messages as the viewer has them. */
async function entriesOf(
  { tables }: PushServices,
  viewer: UserId,
  peerId: PeerId,
  seqs: readonly number[],
): Promise<HistoryEntry[]> {
  const isChannel = isChannelPeer(peerId)
  const chatId = chatIdOf(viewer, peerId)
  const refs = seqs.map(
    (seq): RowRef =>
      isChannel
        ? { table: messages, key: { chatId, seq } }
        : { table: mailboxHistory, key: { userId: viewer, peerId, seq } },
  )
  const rows = await tables.getMany(refs)
  return rows.flatMap((row) => {
    if (row === undefined) return []
    const entry = isChannel ? channelEntry(viewer, peerId, row as MessageRow) : entryOf(row as never)
    return entry.deleted ? [] : [entry]
  })
}

async function neutralReactionUpdate(
  services: PushServices,
  { chatId, seqs, date }: ChatUpdate,
): Promise<Pushed> {
  const { tables } = services
  const peerId = peerIdOfChat(chatId)
  const isPost = await isBroadcast(tables, chatId)
  const updates = await Promise.all(
    seqs.map(async (seq) => {
      const place = { chatId, seq, out: false, isPost }
      const [reactions, row] = await Promise.all([
        neutralReactions(tables, place),
        tables.get(messages, { chatId, seq }),
      ])
      return updateOf(peerId, seq, reactions, row?.threadSeq)
    }),
  )
  return together(services, updates, peersOf(peerId, updates), date)
}

async function neutralPollUpdate(
  services: PushServices,
  { chatId, seqs, date }: ChatUpdate,
): Promise<Pushed> {
  const peerId = peerIdOfChat(chatId)
  const row = await services.tables.get(messages, { chatId, seq: seqs[0] ?? 0 })
  if (row === undefined) return undefined
  const told = await pollTold(services, NEUTRAL, undefined, channelEntry(NEUTRAL, peerId, row))
  if (told === undefined) return undefined
  return together(services, [told], new Set([peerId, ...(votersOf(told) as number[] as PeerId[])]), date)
}

/** How a poll stands; nothing names the message in basic groups, where it has another number for everybody. */
async function pollTold(
  services: PushServices,
  reader: UserId,
  viewer: UserId | undefined,
  entry: HistoryEntry,
): Promise<Tl<'updateMessagePoll'> | undefined> {
  const [message] = await openMessages(services, reader, [entry])
  const media = pollOf(message?.content)
  if (message === undefined || media === undefined) return undefined
  const [state] = await pollsAt(services.tables, viewer, [placeOf(reader, message)], nowSeconds(services))
  if (state === undefined) return undefined
  const isNamed = viewer !== undefined || isChannelPeer(entry.peerId)
  return pollUpdate(media, state, entry.out, isNamed ? entry : undefined)
}

async function viewUpdates(services: PushServices, { chatId, seqs, date }: ChatUpdate): Promise<Pushed> {
  const places = seqs.map((seq) => ({ chatId, seq, out: false, isPost: true }))
  const counters = await countersOf(services.tables, places)
  const channelId = numberOfChat(chatId)
  const updates = seqs.flatMap((id, i): TlType<'Update'>[] => {
    const { views = 0, forwards = 0 } = counters[i] ?? {}
    const seen = { _: 'updateChannelMessageViews', channelId, id, views } as const
    return forwards === 0 ? [seen] : [seen, { _: 'updateChannelMessageForwards', channelId, id, forwards }]
  })
  return together(services, updates, new Set([peerIdOfChat(chatId)]), date)
}

async function together(
  services: PushServices,
  updates: readonly TlType<'Update'>[],
  peers: ReadonlySet<PeerId>,
  date: number,
): Promise<Pushed> {
  const [first] = updates
  if (first === undefined) return undefined
  const told = await neutrally(services, first, peers, date)
  return { ...told, updates: [...updates] }
}
