import type { Reached } from '../chats/reach.ts'
import { requireSupergroup } from '../chats/reach.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderUsers } from '../render/user.ts'
import { reachStats } from './access.ts'
import { compared, periodOf } from './broadcast.ts'
import {
  amountsChart,
  byDay,
  followersChart,
  hoursChart,
  membersAt,
  membersChart,
  sourcesChart,
} from './charts.ts'
import { graphOf, NOT_KNOWN } from './graph.ts'
import { type Deed, deedsIn, movesIn, summed, totalsOf } from './measured.ts'
import { viewersFrom } from './members.ts'
import {
  DAY_HOURS,
  DAY_SECONDS,
  dayOf,
  hourOf,
  lastDays,
  msOfDay,
  PERIOD_DAYS,
  SHOWN_DAYS,
} from './period.ts'
import { topAdmins, topInviters, topPosters } from './tops.ts'
import { type Written, writtenSince } from './written.ts'
import { type Zoomed, zoomToken } from './zoom.ts'

/** `stats.getMegagroupStats`: a supergroup's numbers over the last week, charts of its last month, and who did most of it. */
export const getMegagroupStats: Handler<'stats.getMegagroupStats'> = async (call, context) => {
  const reached = await reachStats(context, call.channel)
  requireSupergroup(reached, 'MEGAGROUP_REQUIRED')
  const dark = call.dark === true
  const facts = await groupFacts(context, reached)
  const [current, previous] = [facts.within(0), facts.within(PERIOD_DAYS)]
  const viewers = await viewersFrom(context, reached, [firstOf(current), firstOf(previous)])
  const tops = {
    topPosters: await topPosters(context, reached.chatId, current),
    topAdmins: topAdmins(facts.deeds),
    topInviters: topInviters(facts.moves.filter(({ day }) => day! > facts.today - PERIOD_DAYS)),
  }
  const named = new Set(Object.values(tops).flatMap((top) => top.map(({ userId }) => userId)))
  return {
    _: 'stats.megagroupStats',
    period: periodOf(context.now),
    members: compared(facts.members[SHOWN_DAYS - 1]!, facts.members[SHOWN_DAYS - 1 - PERIOD_DAYS]!),
    messages: compared(current.length, previous.length),
    viewers: compared(viewers[0]!, viewers[1]!),
    posters: compared(postersOf(current), postersOf(previous)),
    ...graphsOf(facts, dark, (graph) => zoomToken({ chatId: reached.chatId, graph, dark }, context.now)),
    ...tops,
    users: await renderUsers(context.services.directory, context.user, [...named] as never, context.now),
  }
}

type Facts = Awaited<ReturnType<typeof groupFacts>>

async function groupFacts({ services, now }: CallContext, { chatId, facts }: Reached) {
  const { tables } = services
  const days = lastDays(now, SHOWN_DAYS)
  const at = byDay(days)
  const [written, moves, totals, deeds] = await Promise.all([
    writtenSince(tables, chatId, days.first * DAY_SECONDS),
    movesIn(tables, chatId, days),
    totalsOf(tables, chatId, days, 'members'),
    deedsIn(tables, chatId, days),
  ])
  const today = dayOf(now)
  const { participants: atEnd, createdAt } = facts
  const membership = { totals, moves, atEnd, createdAt }
  return {
    at,
    today,
    moves,
    deeds,
    membership,
    members: membersAt(at, membership),
    messages: written.messages,
    within: (earlier: number) =>
      written.messages.filter(({ date }) => {
        const age = today - dayOf(date)
        return age >= earlier && age < earlier + PERIOD_DAYS
      }),
  }
}

const firstOf = (messages: readonly Written[]): number | undefined => messages[messages.length - 1]?.seq
const postersOf = (messages: readonly Written[]): number =>
  new Set(messages.filter(({ isOwn }) => isOwn).map(({ senderId }) => senderId)).size

function graphsOf(facts: Facts, dark: boolean, token: (graph: Zoomed) => string) {
  const { at, moves, messages, deeds } = facts
  const perDay = summed(messages, ({ date }) => dayOf(date))
  return {
    growthGraph: graphOf(membersChart(at, facts.membership), dark, token('growth')),
    membersGraph: graphOf(followersChart(at, moves), dark, token('followers')),
    newMembersBySourceGraph: graphOf(sourcesChart(at, moves), dark),
    languagesGraph: NOT_KNOWN,
    messagesGraph: graphOf(amountsChart(at, { Messages: perDay }, 'bar'), dark, token('messages')),
    actionsGraph: graphOf(amountsChart(at, actionsOf(deeds)), dark),
    topHoursGraph: graphOf(topHours(facts), dark),
    weekdaysGraph: graphOf(weekdays(facts), dark),
  }
}

function actionsOf(deeds: readonly Deed[]) {
  const of = (...names: string[]) =>
    summed(
      deeds.filter(({ deed }) => names.includes(deed ?? '')),
      ({ day }) => day ?? 0,
      ({ count }) => count ?? 0,
    )
  return { 'Messages deleted': of('deleted'), 'Members restricted': of('kicked', 'banned') }
}

function topHours({ within }: Facts) {
  const of = (earlier: number) => summed(within(earlier), ({ date }) => hourOf(date) % DAY_HOURS)
  return hoursChart('Messages', of(0), of(PERIOD_DAYS))
}

/** Messages of the last seven days, each of which is another day of the week. */
function weekdays({ within, today }: Facts) {
  const perDay = summed(within(0), ({ date }) => dayOf(date))
  const days = Array.from({ length: PERIOD_DAYS }, (_, i) => today - PERIOD_DAYS + 1 + i)
  const line = { name: 'Messages', values: days.map((day) => perDay.get(day) ?? 0) }
  return { x: days.map(msOfDay), lines: [line], type: 'bar', isWeek: true } as const
}
