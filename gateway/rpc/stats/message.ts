import { RpcError } from '@heliograph/schemas/tl'
import { pollVotesByDate } from '@heliograph/storage'
import { reachPeer } from '../chats/reach.ts'
import type { Handler } from '../handler.ts'
import { messageIn, reachStats, requireStats } from './access.ts'
import { byDay, byHour, type Places, reactionsChart } from './charts.ts'
import { type Chart, graphOf, NOT_KNOWN } from './graph.ts'
import { growthOf, summed, totalsOf } from './measured.ts'
import { type Days, dayOf, isKept, lastDays, SHOWN_DAYS } from './period.ts'

/** `stats.getMessageStats`: how views and reactions of a post came, hour by hour on its first day and day by day later. */
export const getMessageStats: Handler<'stats.getMessageStats'> = async (call, context) => {
  const reached = await reachStats(context, call.channel, 400)
  const { seq, date } = await messageIn(context, reached, call.msgId)
  const { chatId } = reached
  const days = daysSince(date!, context.now)
  const { tables } = context.services
  const ofPost = (totals: Awaited<ReturnType<typeof totalsOf>>) => totals.filter((total) => total.seq === seq)
  const [views, reactions] = await Promise.all([
    totalsOf(tables, chatId, days, 'views').then(ofPost),
    totalsOf(tables, chatId, days, 'reactions').then(ofPost),
  ])
  // A post of before the days that are shown began earlier than what is known of it.
  const firstSeq = isKept(dayOf(date!), context.now) && days.first === dayOf(date!) ? seq : seq + 1
  const at = placesOf(days)
  const dark = call.dark === true
  const grown = growthOf(reactions, firstSeq)
  const viewed = summed(
    growthOf(views, firstSeq),
    ({ hour }) => at.placeOfHour(hour),
    ({ by }) => by,
  )
  return {
    _: 'stats.messageStats',
    viewsGraph: viewed.size === 0 ? NOT_KNOWN : graphOf(lineChart('Views', at, viewed), dark),
    reactionsByEmotionGraph: grown.length === 0 ? NOT_KNOWN : graphOf(reactionsChart(at, grown), dark),
  }
}

/** From the day of a message on, as far as charts go. */
function daysSince(date: number, now: number): Days {
  const shown = lastDays(now, SHOWN_DAYS)
  return { first: Math.max(shown.first, dayOf(date)), last: shown.last }
}

/** What is new is looked at by the hour. */
const placesOf = (days: Days): Places => (days.first === days.last ? byHour(days.first) : byDay(days))

const lineChart = (name: string, { x, places }: Places, sums: ReadonlyMap<number, number>): Chart => ({
  x,
  type: 'line',
  lines: [{ name, values: places.map((place) => sums.get(place) ?? 0) }],
})

/** Votes that are looked at, the first. */
const MAX_VOTES = 20_000

/** `stats.getPollStats`: how the votes that stand came. */
export const getPollStats: Handler<'stats.getPollStats'> = async (call, context) => {
  const reached = await reachPeer(context, call.peer)
  requireStats(reached, 400)
  const { seq, kinds, date } = await messageIn(context, reached, call.msgId)
  if (kinds?.includes('poll') !== true) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  const { chatId } = reached
  const votes = await context.services.tables.range(pollVotesByDate, { chatId, seq }, { limit: MAX_VOTES })
  const at = placesOf(daysSince(date!, context.now))
  const came = summed(votes, (vote) => at.placeOf(vote.date ?? 0))
  const graph = votes.length === 0 ? NOT_KNOWN : graphOf(lineChart('Votes', at, came), call.dark === true)
  return { _: 'stats.pollStats', votesGraph: graph }
}
