import {
  type AnyRow,
  alarms,
  messageCounters,
  messageReactions,
  messageReactors,
  pollResults,
  polls,
  pollVotes,
  pollVotesByDate,
  reactedMessages,
  reactorsByDate,
  scheduledMessages,
  schedules,
  type TableDeclaration,
  unreadReactions,
} from '@heliograph/storage'
import { countsOf, votesOf } from './sayings.ts'
import type { Poll, Post, PublicChat, Saying } from './state.ts'

type RowsOf = (chat: PublicChat) => readonly AnyRow[]
/** A table, the columns of it that are looked at, and what they must hold. */
export type ExpectedRows = readonly [TableDeclaration, readonly string[], RowsOf]

/** What the tables must hold beside messages: what was said to them, and what is to happen later. */
export const besideRows: readonly ExpectedRows[] = [
  [messageReactions, ['seq', 'counts'], counts],
  [messageReactors, ['seq', 'userId', 'reactions', 'date'], reactors],
  [reactorsByDate, ['seq', 'userId', 'reactions', 'date'], reactors],
  [reactedMessages, ['seq', 'userId'], reactors],
  [unreadReactions, ['userId', 'kind', 'seq'], unheard],
  [
    polls,
    ['seq', 'authorId', 'options', 'closedAt'],
    (chat) => withPolls(chat).map(({ post, poll }) => ({ ...poll, seq: post.seq, authorId: post.senderId })),
  ],
  [pollResults, ['seq', 'counts', 'voters'], results],
  [pollVotes, ['seq', 'userId', 'options', 'date'], votes],
  [pollVotesByDate, ['seq', 'userId', 'options', 'date'], votes],
  [
    messageCounters,
    ['seq', 'views', 'forwards'],
    (chat) => present(chat).flatMap(({ seq, views }) => (views === undefined ? [] : [{ seq, ...views }])),
  ],
  [scheduledMessages, ['senderId', 'id', 'randomId', 'sealed', 'dueAt'], waiting],
  [
    schedules,
    ['senderId', 'ids', 'lastId'],
    ({ shelves }) =>
      [...shelves]
        .filter(([, { lastId }]) => lastId > 0)
        .map(([senderId, shelf]) => ({ senderId, ids: [...shelf.waiting.keys()], lastId: shelf.lastId })),
  ],
  [alarms, ['dueAt', 'what', 'ownerId', 'id'], bells],
]

const present = ({ posts }: PublicChat): Post[] => posts.filter(({ isGone }) => !isGone)

function counts(chat: PublicChat): AnyRow[] {
  const said = present(chat).filter(({ reactions }) => reactions.size > 0)
  return said.map((post) => ({ seq: post.seq, counts: countsOf(post) }))
}

/** What somebody has said is found with it still when the message is gone: nobody asks for it. */
function reactors({ posts }: PublicChat): AnyRow[] {
  return posts.flatMap(({ seq, reactions }) => sayings(reactions, (said) => ({ seq, reactions: said })))
}

function sayings<T>(all: ReadonlyMap<number, Saying<T>>, row: (said: readonly T[]) => AnyRow): AnyRow[] {
  return [...all].map(([userId, { said, date }]) => ({ ...row(said), userId, date }))
}

function unheard(chat: PublicChat): AnyRow[] {
  return [...chat.unheard].map((each) => {
    const [userId, kind, seq] = each.split(' ') as [string, string, string]
    return { userId: Number(userId), kind, seq: Number(seq) }
  })
}

function withPolls(chat: PublicChat): { readonly post: Post; readonly poll: Poll }[] {
  return present(chat).flatMap((post) => (post.poll === undefined ? [] : [{ post, poll: post.poll }]))
}

function results(chat: PublicChat): AnyRow[] {
  const touched = withPolls(chat).filter(({ poll }) => poll.isTouched)
  return touched.map(({ post, poll }) => ({
    seq: post.seq,
    counts: votesOf(poll),
    voters: poll.votes.size,
  }))
}

function votes({ posts }: PublicChat): AnyRow[] {
  return posts.flatMap(({ seq, poll }) =>
    poll === undefined ? [] : sayings(poll.votes, (options) => ({ seq, options })),
  )
}

function waiting({ shelves }: PublicChat): AnyRow[] {
  return [...shelves].flatMap(([senderId, shelf]) =>
    [...shelf.waiting].map(([id, { randomId, dueAt, body }]) => ({
      senderId,
      id,
      randomId,
      dueAt,
      sealed: Buffer.from(body, 'latin1'),
    })),
  )
}

function bells({ shelves, timers, posts }: PublicChat): AnyRow[] {
  const ends = [...timers].map((seq) => ({
    what: 'expire',
    id: seq,
    dueAt: posts[seq - 1]?.expiresAt,
    ownerId: 0,
  }))
  const sends = [...shelves].flatMap(([ownerId, shelf]) =>
    [...shelf.waiting]
      .filter(([, { hasAlarm }]) => hasAlarm)
      .map(([id, { dueAt }]) => ({ what: 'scheduled', id, dueAt, ownerId })),
  )
  return [...ends, ...sends]
}
