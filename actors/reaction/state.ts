import {
  type ChatId,
  MAX_RECENT_REACTIONS,
  type MessageSeq,
  type ReactionCount,
  type RecentReaction,
  type UserId,
} from '@heliograph/schemas/avro'
import { messageReactions, messageReactors, type RowOf } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'

/** What all have said to a message, between its row and what records carry. */

export interface Said {
  readonly counts: readonly ReactionCount[]
  readonly recent: readonly RecentReaction[]
}

/** What one user has said to it. */
export interface OwnReactions {
  readonly reactions: readonly string[]
  /** Unix seconds; 0 nothing. */
  readonly date: number
}

const NOTHING: Said = { counts: [], recent: [] }
const NOTHING_OWN: OwnReactions = { reactions: [], date: 0 }

export function saidTo(rows: Rows, chatId: ChatId, seq: MessageSeq): Said {
  const row = rows.get(messageReactions, { chatId, seq })
  return row === undefined ? NOTHING : saidOf(row)
}

export function ownReactions(rows: Rows, chatId: ChatId, seq: MessageSeq, userId: UserId): OwnReactions {
  const row = rows.get(messageReactors, { chatId, seq, userId })
  return row === undefined ? NOTHING_OWN : { reactions: row.reactions ?? [], date: row.date ?? 0 }
}

function saidOf({ counts, recent }: RowOf<typeof messageReactions>): Said {
  return { counts: (counts ?? []).map(countOf), recent: (recent ?? []).map(recentOf) }
}

function countOf(stored: string): ReactionCount {
  const end = stored.indexOf(':')
  return { count: Number(stored.slice(0, end)), reaction: stored.slice(end + 1) }
}

function recentOf(stored: string): RecentReaction {
  const [userId, date, big] = stored.split(':', 3)
  const reaction = stored.slice(`${userId}:${date}:${big}:`.length)
  return { userId: Number(userId) as UserId, date: Number(date), big: big === '1', reaction }
}

/** The columns of the row. */
export function storedSaid({ counts, recent }: Said): { counts: string[]; recent: string[] } {
  return {
    counts: counts.map(({ count, reaction }) => `${count}:${reaction}`),
    recent: recent.map(({ userId, date, big, reaction }) => `${userId}:${date}:${big ? 1 : 0}:${reaction}`),
  }
}

/** Every reaction with how often it is there once `before` is taken back and `after` said; none that is not there. */
export function recounted(
  counts: readonly ReactionCount[],
  before: readonly string[],
  after: readonly string[],
): ReactionCount[] {
  const left = counts.map(({ reaction, count }) => ({
    reaction,
    count: count - (before.includes(reaction) ? 1 : 0) + (after.includes(reaction) ? 1 : 0),
  }))
  const added = after.filter((reaction) => !counts.some((each) => each.reaction === reaction))
  return [...left, ...added.map((reaction) => ({ reaction, count: 1 }))].filter(({ count }) => count > 0)
}

/** The last reactions, those of the user in the place of what it had said. */
export function recentAfter(
  recent: readonly RecentReaction[],
  {
    userId,
    reactions,
    date,
    big,
  }: { userId: UserId; reactions: readonly string[]; date: number; big: boolean },
): RecentReaction[] {
  const own = reactions.map((reaction) => ({ userId, reaction, date, big }))
  const others = recent.filter((each) => each.userId !== userId)
  return [...own, ...others].slice(0, MAX_RECENT_REACTIONS)
}
