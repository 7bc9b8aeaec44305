import type { TlType } from '@heliograph/schemas/tl'
import { type Reached, requireBroadcast } from '../chats/reach.ts'
import type { CallContext, Handler } from '../handler.ts'
import { peerOf, reachStats } from './access.ts'
import {
  byDay,
  followersChart,
  hoursChart,
  interactionsChart,
  membersAt,
  membersChart,
  reactionsChart,
  sourcesChart,
} from './charts.ts'
import { graphOf, NOT_KNOWN } from './graph.ts'
import { type Growth, growthOf, movesIn, summed, totalsOf } from './measured.ts'
import { notifiedMembers } from './members.ts'
import { DAY_HOURS, DAY_SECONDS, dayOf, lastDays, PERIOD_DAYS, SHOWN_DAYS } from './period.ts'
import { type Interaction, interactionsOf } from './posts.ts'
import { type WrittenSince, writtenSince } from './written.ts'
import { type Zoomed, zoomToken } from './zoom.ts'

/** Posts whose counters are shown, the newest. */
const MAX_RECENT_POSTS = 30

/** `stats.getBroadcastStats`: a channel's numbers over the last week, and charts of its last month. */
export const getBroadcastStats: Handler<'stats.getBroadcastStats'> = async (call, context) => {
  const reached = await reachStats(context, call.channel)
  requireBroadcast(reached, 'BROADCAST_REQUIRED')
  const dark = call.dark === true
  const facts = await channelFacts(context, reached)
  return {
    _: 'stats.broadcastStats',
    period: periodOf(context.now),
    followers: compared(facts.members[SHOWN_DAYS - 1]!, facts.members[SHOWN_DAYS - 1 - PERIOD_DAYS]!),
    ...(await perPost(context, reached, facts.written)),
    ...NO_STORIES,
    enabledNotifications: await notifiedMembers(context, reached),
    ...graphsOf(facts, dark, (graph) => zoomToken({ chatId: reached.chatId, graph, dark }, context.now)),
  }
}

type Facts = Awaited<ReturnType<typeof channelFacts>>

async function channelFacts({ services, now }: CallContext, { chatId, facts }: Reached) {
  const { tables } = services
  const days = lastDays(now, SHOWN_DAYS)
  const at = byDay(days)
  const [written, moves, totals, views, forwards, reactions] = await Promise.all([
    writtenSince(tables, chatId, days.first * DAY_SECONDS),
    movesIn(tables, chatId, days),
    totalsOf(tables, chatId, days, 'members'),
    totalsOf(tables, chatId, days, 'views'),
    totalsOf(tables, chatId, days, 'forwards'),
    totalsOf(tables, chatId, days, 'reactions'),
  ])
  const grown = (of: typeof views) => growthOf(of, written.firstSeq)
  const { participants: atEnd, createdAt } = facts
  const membership = { totals, moves, atEnd, createdAt }
  return {
    at,
    today: dayOf(now),
    written,
    moves,
    membership,
    members: membersAt(at, membership),
    views: grown(views),
    forwards: grown(forwards),
    reactions: grown(reactions),
  }
}

function graphsOf(facts: Facts, dark: boolean, token: (graph: Zoomed) => string) {
  const { at, moves, views, forwards, reactions } = facts
  return {
    growthGraph: graphOf(membersChart(at, facts.membership), dark, token('growth')),
    followersGraph: graphOf(followersChart(at, moves), dark, token('followers')),
    muteGraph: NOT_KNOWN,
    topHoursGraph: graphOf(topHours(facts.views, facts.today), dark),
    interactionsGraph: graphOf(interactionsChart(at, views, forwards), dark, token('interactions')),
    ivInteractionsGraph: NOT_KNOWN,
    viewsBySourceGraph: NOT_KNOWN,
    newFollowersBySourceGraph: graphOf(sourcesChart(at, moves), dark),
    languagesGraph: NOT_KNOWN,
    reactionsByEmotionGraph:
      reactions.length === 0 ? NOT_KNOWN : graphOf(reactionsChart(at, reactions), dark),
    storyInteractionsGraph: NOT_KNOWN,
    storyReactionsByEmotionGraph: NOT_KNOWN,
  }
}

/** Views by the hour of day, of this period and of the one before. */
function topHours(views: readonly Growth[], today: number) {
  const of = (earlier: number) => {
    const within = views.filter(({ hour }) => {
      const age = today - Math.floor(hour / DAY_HOURS)
      return age >= earlier && age < earlier + PERIOD_DAYS
    })
    return summed(
      within,
      ({ hour }) => hour % DAY_HOURS,
      ({ by }) => by,
    )
  }
  return hoursChart('Views', of(0), of(PERIOD_DAYS))
}

/** What the newest posts have, and the posts of the two periods on average. */
async function perPost(context: CallContext, reached: Reached, { messages }: WrittenSince) {
  const interactions = await interactionsOf(context, peerOf(reached), messages)
  const within = (earlier: number) =>
    interactions.filter(({ date }) => {
      const age = dayOf(context.now) - dayOf(date)
      return age >= earlier && age < earlier + PERIOD_DAYS
    })
  const [current, previous] = [within(0), within(PERIOD_DAYS)]
  const average = (of: 'views' | 'forwards' | 'reactions') => compared(mean(current, of), mean(previous, of))
  return {
    viewsPerPost: average('views'),
    sharesPerPost: average('forwards'),
    reactionsPerPost: average('reactions'),
    recentPostsInteractions: interactions.slice(0, MAX_RECENT_POSTS).map(counters),
  }
}

const counters = ({ seq, views, forwards, reactions }: Interaction): TlType<'PostInteractionCounters'> => ({
  _: 'postInteractionCountersMessage',
  msgId: seq,
  views,
  forwards,
  reactions,
})

function mean(posts: readonly Interaction[], of: 'views' | 'forwards' | 'reactions'): number {
  if (posts.length === 0) return 0
  return posts.reduce((sum, post) => sum + post[of], 0) / posts.length
}

export const compared = (current: number, previous: number): TlType<'StatsAbsValueAndPrev'> => ({
  _: 'statsAbsValueAndPrev',
  current,
  previous,
})

/** The days whose sums are told. */
export function periodOf(now: number): TlType<'StatsDateRangeDays'> {
  const minDate = lastDays(now, PERIOD_DAYS).first * DAY_SECONDS
  return { _: 'statsDateRangeDays', minDate, maxDate: now }
}

const NONE = compared(0, 0)
/** Nobody tells stories here. */
const NO_STORIES = { viewsPerStory: NONE, sharesPerStory: NONE, reactionsPerStory: NONE }
