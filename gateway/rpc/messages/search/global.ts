import type { PeerId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { dialogs } from '@heliograph/storage'
import { archivedPeers } from '../../folders/archive.ts'
import type { CallContext, Handler } from '../../handler.ts'
import { offsetPeerId } from '../../peers.ts'
import { channelDialogs, memberChannels } from '../dialogs/channels.ts'
import { MAX_DIALOGS } from '../dialogs/state.ts'
import type { HistoryEntry, Mailbox } from '../mailbox/history.ts'
import { seqFromId } from '../mailbox/history.ts'
import { locateOne } from '../mailbox/locate.ts'
import { clampLimit, windowAround } from '../mailbox/paging.ts'
import { answerFound } from './place.ts'
import { type Query, queryOf } from './query.ts'
import { type Found, MAX_COUNTED_SCAN, MAX_SCAN, scanAll, type Wanted } from './scan.ts'
import { sourceFor } from './sources.ts'

/** A chat that a search over all chats goes through. */
export interface Searched {
  readonly mailbox: Mailbox
  readonly topSeq: number
  /** Of the last message ever, Unix seconds. */
  readonly topDate: number
  readonly isBroadcast: boolean
}

/** Newest first; the same order for pages of any client. */
const byTime = (a: HistoryEntry, b: HistoryEntry): number =>
  b.date - a.date || b.peerId - a.peerId || b.msgId - a.msgId

/** Private chats and basic groups of the caller. */
async function mailboxChats({ services, user }: CallContext): Promise<Searched[]> {
  const { tables } = services
  const rows = await tables.range(dialogs, { userId: user }, { limit: MAX_DIALOGS })
  return rows.map((row) => ({
    mailbox: { tables, userId: user, peerId: row.peerId as PeerId },
    topSeq: row.topSeq ?? 0,
    topDate: row.topDate ?? 0,
    isBroadcast: false,
  }))
}

/** Channels that the caller is in. */
async function channelChats(context: CallContext): Promise<Searched[]> {
  return searchedChannels(context, await memberChannels(context))
}

/** These channels, as they are searched. */
export async function searchedChannels(context: CallContext, peers: readonly PeerId[]): Promise<Searched[]> {
  const found = await channelDialogs(context, peers)
  return found.flatMap(({ channel, top }) => {
    if (channel === undefined) return []
    const { mailbox, topSeq } = channel
    return [{ mailbox, topSeq, topDate: top?.date ?? 0, isBroadcast: mailbox.facts.kind === 'broadcast' }]
  })
}

/**
 * Searches chats from the one with the newest message on: the page is complete when no other chat can have anything newer than
 * its last hit. As in one chat, hits are counted a little beyond that.
 */
async function searchChats(
  { services }: Pick<CallContext, 'services'>,
  query: Query,
  chats: readonly Searched[],
  wanted: Wanted,
  highest: (chat: Searched) => number | Promise<number>,
): Promise<Found> {
  const size = wanted.olderSkip + wanted.olderTake
  let best: HistoryEntry[] = []
  let count = 0
  let scanned = 0
  let exact = true
  for (const chat of [...chats].sort((a, b) => b.topDate - a.topDate)) {
    const last = best.length < size ? undefined : best[size - 1]
    const isFull = last !== undefined && chat.topDate < last.date
    if ((isFull && scanned >= MAX_COUNTED_SCAN) || scanned >= MAX_SCAN) {
      exact = false
      break
    }
    const source = sourceFor(services, chat.mailbox, query, 1, await highest(chat))
    const hits: HistoryEntry[] = []
    const seen = await scanAll(
      services,
      query,
      source,
      (hit, within) => {
        count += 1
        if (!wanted.isNewer(hit)) hits.push(hit)
        return hits.length < Math.max(1, size) || scanned + within < MAX_COUNTED_SCAN
      },
      MAX_SCAN - scanned,
    )
    scanned += Math.max(1, seen.scanned)
    exact &&= seen.exact
    best = [...best, ...hits].sort(byTime).slice(0, size)
  }
  return { page: best.slice(wanted.olderSkip), count, exact }
}

/** The private chats and basic groups of the caller, whose message ids grow with time across chats. */
export async function searchMailbox(
  context: CallContext,
  query: Query,
  { maxId, minId }: { readonly maxId: number; readonly minId: number },
  wanted: Wanted,
): Promise<Found> {
  if (query.filter === 'nothing') return { page: [], count: 0, exact: true }
  const chats = await mailboxChats(context)
  const isOutside = ({ msgId }: HistoryEntry) => msgId <= minId || wanted.isNewer({ msgId } as HistoryEntry)
  const highest = async ({ mailbox, topSeq }: Searched) =>
    maxId > 0 ? (await seqFromId(mailbox, topSeq, maxId)) - 1 : topSeq
  return searchChats(context, query, chats, { ...wanted, isNewer: isOutside }, highest)
}

type GlobalCall = Parameters<Handler<'messages.searchGlobal'>>[0]

/** `messages.searchGlobal`: all chats of the caller, newest first. A page goes on after the last message of the one before. */
export const searchGlobal: Handler<'messages.searchGlobal'> = async (call, context) => {
  if (call.folderId !== undefined && call.folderId !== 0 && call.folderId !== 1) {
    throw new RpcError(400, 'FOLDER_ID_INVALID')
  }
  const query = queryOf(context, call)
  if (query.words.length === 0 && query.filter === 'all') throw new RpcError(400, 'SEARCH_QUERY_EMPTY')
  return searchEverywhere(context, query, call, await wantedChats(context, call))
}

async function wantedChats(context: CallContext, call: GlobalCall): Promise<Searched[]> {
  const { broadcastsOnly, groupsOnly, usersOnly } = call
  const anyKind = !broadcastsOnly && !groupsOnly && !usersOnly
  const ofKind = ({ mailbox: { peerId }, isBroadcast }: Searched) =>
    anyKind || (peerId > 0 ? usersOnly : isBroadcast ? broadcastsOnly : groupsOnly) === true
  const [own, channels] = await Promise.all([
    mailboxChats(context),
    usersOnly && !broadcastsOnly && !groupsOnly ? [] : channelChats(context),
  ])
  const chats = [...own, ...channels].filter(ofKind)
  if (call.folderId === undefined) return chats
  const archived = await archivedPeers(context.services, context.user)
  return chats.filter(({ mailbox: { peerId } }) => archived.has(peerId) === (call.folderId === 1))
}

export interface GlobalOffset {
  readonly offsetRate: number
  readonly offsetPeer: TlType<'InputPeer'>
  readonly offsetId: number
  readonly limit: number
}

/** One page of what stands in these chats; `next_rate` is the date of its last message. */
export async function searchEverywhere(
  context: CallContext,
  query: Query,
  call: GlobalOffset,
  chats: readonly Searched[],
): Promise<TlType<'messages.Messages'>> {
  if (query.filter === 'nothing') return answerFound(context, { page: [], count: 0, exact: true })
  const offset = await offsetOf(context, call)
  const window = windowAround(0, clampLimit(call.limit))
  const isNewer = (entry: HistoryEntry) => offset !== undefined && byTime(entry, offset as HistoryEntry) <= 0
  const found = await searchChats(context, query, chats, { ...window, isNewer }, ({ topSeq }) => topSeq)
  const answer = await answerFound(context, found)
  const last = found.page[found.page.length - 1]
  if (answer._ !== 'messages.messagesSlice' || last === undefined) return answer
  return { ...answer, nextRate: last.date }
}

/** The message that the page before ended with; clients that leave its date out name one of their mailbox. */
async function offsetOf(
  context: CallContext,
  { offsetRate, offsetPeer, offsetId }: GlobalOffset,
): Promise<Pick<HistoryEntry, 'date' | 'peerId' | 'msgId'> | undefined> {
  if (offsetRate > 0) {
    const isEmpty = offsetPeer._ === 'inputPeerEmpty'
    const peerId = isEmpty ? (Number.NEGATIVE_INFINITY as PeerId) : offsetPeerId(offsetPeer, context)
    return { date: offsetRate, peerId, msgId: offsetId }
  }
  if (offsetId <= 0) return undefined
  return locateOne(context.services.tables, context.user, offsetId)
}

/** `messages.searchSentMedia`: what the caller itself has sent of a kind, in any chat. */
export const searchSentMedia: Handler<'messages.searchSentMedia'> = async (call, context) => {
  const query = { ...queryOf(context, call), fromId: context.user }
  if (typeof query.filter !== 'number') throw new RpcError(400, 'FILTER_NOT_SUPPORTED')
  const chats = [...(await mailboxChats(context)), ...(await channelChats(context))]
  const page = { offsetRate: 0, offsetPeer: { _: 'inputPeerEmpty' }, offsetId: 0, limit: call.limit } as const
  return searchEverywhere(context, query, page, chats)
}
