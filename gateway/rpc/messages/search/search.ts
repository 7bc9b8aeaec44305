import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { clampLimit, windowAround } from '../mailbox/paging.ts'
import { searchMailbox } from './global.ts'
import { answerFound, placeOf } from './place.ts'
import { asksAnything, queryOf, type SearchCall } from './query.ts'
import { search as scan, scanAll } from './scan.ts'

/** `messages.search`: in one chat, or with an empty peer in all private chats and basic groups. Words match by their beginnings. */
export const search: Handler<'messages.search'> = async (call, context) => {
  const query = queryOf(context, call)
  const window = windowAround(call.addOffset, clampLimit(call.limit))
  const isNewer = ({ msgId }: { msgId: number }) => call.offsetId > 0 && msgId >= call.offsetId
  if (call.peer._ === 'inputPeerEmpty') {
    if (!asksAnything(query)) throw new RpcError(400, 'SEARCH_QUERY_EMPTY')
    return answerFound(context, await searchMailbox(context, query, call, { ...window, isNewer }))
  }
  const place = await placeOf(context, call.peer, query, call)
  const nothing = { page: [], count: 0, exact: true }
  const found =
    query.filter === 'nothing' || place.source === undefined
      ? nothing
      : await scan(context.services, query, place.source, { ...window, isNewer })
  return answerFound(context, found, place)
}

/** `messages.getSearchCounters`: how many messages of a chat, or of a thread in it, there are of each kind. */
export const getSearchCounters: Handler<'messages.getSearchCounters'> = async (call, context) => {
  if (call.filters.length > MAX_COUNTERS) throw new RpcError(400, 'LIMIT_INVALID')
  const counters: Tl<'messages.searchCounter'>[] = []
  for (const filter of call.filters) {
    const { count, exact } = await countOf(context, call.peer, { ...call, filter })
    const counter: Tl<'messages.searchCounter'> = { _: 'messages.searchCounter', filter, count }
    counters.push(exact ? counter : { ...counter, inexact: true })
  }
  return counters
}

const MAX_COUNTERS = 20

async function countOf(
  context: CallContext,
  peer: TlType<'InputPeer'>,
  call: SearchCall,
): Promise<{ readonly count: number; readonly exact: boolean }> {
  const query = queryOf(context, call)
  const { source } = await placeOf(context, peer, query, { minId: 0, maxId: 0 })
  if (query.filter === 'nothing' || source === undefined) return { count: 0, exact: true }
  let count = 0
  const { exact } = await scanAll(context.services, query, source, () => {
    count += 1
    return true
  })
  return { count, exact }
}
