import { RpcError } from '@heliograph/schemas/tl'
import { type Reached, reach } from '../chats/reach.ts'
import type { CallContext, Handler } from '../handler.ts'
import { requireStats } from './access.ts'
import {
  amountsChart,
  byDay,
  byHour,
  followersChart,
  interactionsChart,
  membersAt,
  membersChart,
} from './charts.ts'
import { type Chart, graphOf } from './graph.ts'
import { growthOf, movesIn, summed, totalsOf } from './measured.ts'
import { DAY_SECONDS, dayOf, hourOf, isKept } from './period.ts'
import { writtenSince } from './written.ts'
import { type Zoomed, zoomOf } from './zoom.ts'

const MS = 1000n

/** `stats.loadAsyncGraph`: one day of a chart, by the hour. `x` is that day as the chart has it. */
export const loadAsyncGraph: Handler<'stats.loadAsyncGraph'> = async (call, context) => {
  const { chatId, graph, dark } = zoomOf(call.token, context.now)
  const reached = await reach(context, chatId)
  requireStats(reached, 403)
  if (call.x === undefined) throw new RpcError(400, 'GRAPH_INVALID_RELOAD')
  const day = dayOf(Number(call.x / MS))
  if (!isKept(day, context.now)) throw new RpcError(400, 'GRAPH_OUTDATED_RELOAD')
  return graphOf(await CHARTS[graph](context, reached, day), dark)
}

type Zoom = (context: CallContext, reached: Reached, day: number) => Promise<Chart>

const CHARTS: Readonly<Record<Zoomed, Zoom>> = {
  growth: async ({ services: { tables }, now }, { chatId, facts }, day) => {
    const later = { first: day, last: dayOf(now) }
    const [moves, totals] = await Promise.all([
      movesIn(tables, chatId, later),
      totalsOf(tables, chatId, later, 'members'),
    ])
    const { participants, createdAt } = facts
    const [atEnd] = membersAt(byDay(later), { totals, moves, atEnd: participants, createdAt })
    const ofDay = moves.filter((move) => move.day === day)
    const at = byHour(day)
    const known = totals.filter(({ hour }) => at.places.includes(hour))
    return membersChart(at, { totals: known, moves: ofDay, atEnd: atEnd!, createdAt })
  },
  followers: async ({ services: { tables } }, { chatId }, day) =>
    followersChart(byHour(day), await movesIn(tables, chatId, { first: day, last: day })),
  interactions: async ({ services: { tables } }, { chatId }, day) => {
    // Totals grow from those of the day before.
    const days = { first: day - 1, last: day }
    const [written, views, forwards] = await Promise.all([
      writtenSince(tables, chatId, days.first * DAY_SECONDS),
      totalsOf(tables, chatId, days, 'views'),
      totalsOf(tables, chatId, days, 'forwards'),
    ])
    const grown = (of: typeof views) => growthOf(of, written.firstSeq)
    return interactionsChart(byHour(day), grown(views), grown(forwards))
  },
  messages: async ({ services: { tables } }, { chatId }, day) => {
    const { messages } = await writtenSince(tables, chatId, day * DAY_SECONDS)
    const perHour = summed(messages, ({ date }) => hourOf(date))
    return amountsChart(byHour(day), { Messages: perHour }, 'bar')
  },
}
