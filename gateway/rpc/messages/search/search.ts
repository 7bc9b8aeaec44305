import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { countersOf } from '../answers.ts'
import { extentOf } from '../mailbox/history.ts'
import { openMailbox } from '../mailbox/open.ts'
import { boundsOf, clampLimit } from '../mailbox/paging.ts'
import { renderOpened } from '../mailbox/rendered.ts'
import { answerPage } from '../read/history.ts'
import { filterKind, type Query, wordsOf } from './match.ts'
import { chatSource, type Found, mailboxSource, type Source, search as scan } from './scan.ts'

/** UTF-16 code units of a query that are looked at. */
const MAX_QUERY_LENGTH = 256

type SearchCall = Parameters<Handler<'messages.search'>>[0]

/** Some clients send an empty peer for "from anyone" (gotd). */
const isNamed = (peer: TlType<'InputPeer'> | undefined): peer is TlType<'InputPeer'> =>
  peer !== undefined && peer._ !== 'inputPeerEmpty'

function queryOf(
  context: CallContext,
  call: Pick<SearchCall, 'q' | 'filter' | 'minDate' | 'maxDate' | 'fromId'>,
): Query {
  const { q, filter, minDate, maxDate, fromId } = call
  return {
    words: wordsOf(q.slice(0, MAX_QUERY_LENGTH)),
    kind: filterKind(filter),
    fromId: isNamed(fromId) ? inputPeerId(fromId, context, 'FROM_PEER_INVALID') : undefined,
    minDate,
    maxDate,
    viewer: context.user,
  }
}

/** `messages.search`: in one chat, or with an empty peer in all of them. Words match by their beginnings. */
export const search: Handler<'messages.search'> = async (call, context) => {
  const query = queryOf(context, call)
  const source = await sourceOf(call, context)
  if (query.kind === 'nothing' || source === undefined) return answerPage(context, [], 0, true)
  const found = await scan(context.services, query, source, {
    take: clampLimit(call.limit),
    skip: Math.max(0, call.addOffset),
    isNewer: (entry) => call.offsetId > 0 && entry.msgId >= call.offsetId,
  })
  return answerFound(context, found)
}

/** The messages between `min_id` and `max_id`; undefined for a chat without any. */
async function sourceOf(call: SearchCall, context: CallContext): Promise<Source | undefined> {
  const { services, user } = context
  if (call.peer._ === 'inputPeerEmpty') {
    const { msgId } = await countersOf(context)
    return mailboxSource(services, user, call.maxId > 0 ? Math.min(msgId, call.maxId - 1) : msgId)
  }
  const mailbox = await openMailbox(context, inputPeerId(call.peer, context))
  const { topSeq, count } = await extentOf(mailbox)
  if (count === 0) return undefined
  const { low, high } = await boundsOf(mailbox, topSeq, { ...call, offsetId: 0, offsetDate: 0 })
  return chatSource(mailbox, low, high)
}

function answerFound(
  context: CallContext,
  { page, count, exact }: Found,
): Promise<TlType<'messages.Messages'>> {
  const messages = page.map((message) => renderOpened(context.user, message))
  return answerPage(context, messages, count, exact)
}

/**
 * `messages.searchGlobal`: all chats of the caller. Pages go by `offset_id`: a user's message ids grow with time across
 * chats, so `offset_rate` and `offset_peer` have nothing to add.
 */
export const searchGlobal: Handler<'messages.searchGlobal'> = async (call, context) => {
  if (call.folderId !== undefined && call.folderId !== 0 && call.folderId !== 1) {
    throw new RpcError(400, 'FOLDER_ID_INVALID')
  }
  const query = queryOf(context, { ...call, fromId: undefined })
  if (query.words.length === 0 && query.kind === 'all') throw new RpcError(400, 'SEARCH_QUERY_EMPTY')
  const elsewhere = call.folderId === 1 || call.broadcastsOnly === true || call.groupsOnly === true
  if (query.kind === 'nothing' || elsewhere) return answerPage(context, [], 0, true)
  const { msgId } = await countersOf(context)
  const found = await scan(context.services, query, mailboxSource(context.services, context.user, msgId), {
    take: clampLimit(call.limit),
    skip: 0,
    isNewer: (entry) => call.offsetId > 0 && entry.msgId >= call.offsetId,
  })
  return withRate(await answerFound(context, found), found)
}

/** The date of the last hit is what a client sends as the next page's rate. */
function withRate(answer: TlType<'messages.Messages'>, { page }: Found): TlType<'messages.Messages'> {
  const last = page[page.length - 1]
  if (answer._ !== 'messages.messagesSlice' || last === undefined) return answer
  return { ...answer, nextRate: last.entry.date }
}

/** `messages.getSearchCounters`: how many messages of a chat there are of each kind. */
export const getSearchCounters: Handler<'messages.getSearchCounters'> = async (call, context) => {
  const { services } = context
  const mailbox = await openMailbox(context, inputPeerId(call.peer, context))
  const { topSeq } = await extentOf(mailbox)
  const counters: Tl<'messages.searchCounter'>[] = []
  for (const filter of call.filters.slice(0, MAX_COUNTERS)) {
    const query = queryOf(context, { q: '', filter, minDate: 0, maxDate: 0 })
    const nothing = query.kind === 'nothing' || topSeq === 0
    const found = nothing
      ? { count: 0, exact: true }
      : await scan(services, query, chatSource(mailbox, 1, topSeq), { take: 0, skip: 0, isNewer: () => true })
    const counter: Tl<'messages.searchCounter'> = { _: 'messages.searchCounter', filter, count: found.count }
    counters.push(found.exact ? counter : { ...counter, inexact: true })
  }
  return counters
}

const MAX_COUNTERS = 20
