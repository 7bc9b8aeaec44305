import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { namedIn } from '../answers.ts'
import type { HistoryEntry } from '../mailbox/history.ts'
import { renderEntries } from '../mailbox/rendered.ts'
import { placeOf } from './place.ts'
import { queryOf, type SearchCall } from './query.ts'
import { scanAll } from './scan.ts'

const DAY_SECONDS = 24 * 3600
/** Days that one call shows. */
const MAX_DAYS = 100
const MAX_POSITIONS = 100

interface Results {
  /** All of a kind in a chat, newest first. */
  readonly hits: readonly HistoryEntry[]
  readonly exact: boolean
}

/** @throws RpcError 400 FILTER_NOT_SUPPORTED where no kind is asked for */
async function resultsOf(
  context: CallContext,
  call: SearchCall & { readonly peer: TlType<'InputPeer'> },
): Promise<Results> {
  const query = queryOf(context, call)
  if (query.filter === 'all' || query.filter === 'nothing') throw new RpcError(400, 'FILTER_NOT_SUPPORTED')
  const { source } = await placeOf(context, call.peer, query, { minId: 0, maxId: 0 })
  const hits: HistoryEntry[] = []
  if (source === undefined) return { hits, exact: true }
  const { exact } = await scanAll(context.services, query, source, (hit) => hits.push(hit) > 0)
  return { hits, exact }
}

/** The first hit that is older than the offset. */
const startOf = (hits: readonly HistoryEntry[], offsetId: number, offsetDate = 0): number => {
  const at = hits.findIndex(
    ({ msgId, date }) => (offsetId <= 0 || msgId < offsetId) && (offsetDate <= 0 || date < offsetDate),
  )
  return at < 0 ? hits.length : at
}

/** `messages.getSearchResultsCalendar`: of each day (UTC), the newest first, how many messages of a kind there are, and its last. */
export const getSearchResultsCalendar: Handler<'messages.getSearchResultsCalendar'> = async (
  call,
  context,
) => {
  const { hits, exact } = await resultsOf(context, call)
  const start = startOf(hits, call.offsetId, call.offsetDate)
  const days = byDay(hits.slice(start)).slice(0, MAX_DAYS)
  const messages = await renderEntries(
    context.services,
    context.user,
    days.map((day) => day[0]!),
  )
  const oldest = hits[hits.length - 1]
  const answer: Tl<'messages.searchResultsCalendar'> = {
    _: 'messages.searchResultsCalendar',
    count: hits.length,
    minDate: oldest?.date ?? 0,
    minMsgId: oldest?.msgId ?? 0,
    offsetIdOffset: start,
    periods: days.map(periodOf),
    messages,
    ...(await namedIn(context, messages, [inputPeerId(call.peer, context)])),
  }
  return exact ? answer : { ...answer, inexact: true }
}

function byDay(hits: readonly HistoryEntry[]): HistoryEntry[][] {
  const days = new Map<number, HistoryEntry[]>()
  for (const hit of hits) {
    const day = dayOf(hit)
    const known = days.get(day)
    if (known === undefined) days.set(day, [hit])
    else known.push(hit)
  }
  return [...days.values()]
}

const dayOf = ({ date }: HistoryEntry): number => Math.floor(date / DAY_SECONDS)

const periodOf = (day: readonly HistoryEntry[]): Tl<'searchResultsCalendarPeriod'> => ({
  _: 'searchResultsCalendarPeriod',
  date: dayOf(day[0]!) * DAY_SECONDS,
  minMsgId: day[day.length - 1]!.msgId,
  maxMsgId: day[0]!.msgId,
  count: day.length,
})

/** `messages.getSearchResultsPositions`: some of the messages of a kind, evenly spread, with their places among all of them. */
export const getSearchResultsPositions: Handler<'messages.getSearchResultsPositions'> = async (
  call,
  context,
) => {
  const { hits } = await resultsOf(context, call)
  const start = startOf(hits, call.offsetId)
  const limit = Math.min(Math.max(1, call.limit), MAX_POSITIONS)
  const step = Math.max(1, Math.ceil((hits.length - start) / limit))
  const positions: Tl<'searchResultPosition'>[] = []
  for (let offset = start; offset < hits.length; offset += step) {
    const { msgId, date } = hits[offset]!
    positions.push({ _: 'searchResultPosition', msgId, date, offset })
  }
  return { _: 'messages.searchResultsPositions', count: hits.length, positions }
}
