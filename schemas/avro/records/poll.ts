import { as, bool, bytes, int, list, long, nested, type RecordOf, record, text } from '../dsl.ts'
import type { ChatId, MessageSeq, UserId } from '../ids.ts'
import { pollFacts } from './message-extra.ts'

const chatId = as<ChatId>(text)
const userId = as<UserId>(long)
const seq = as<MessageSeq>(int)

/** Polls and counters of posts: records of `chat.commands` and `chat.events`. What a poll asks stands sealed in its message. */

/** `options` are all that the user votes for from now on; none takes the vote back. */
export const VotePoll = record('VotePoll', { chatId, userId, seq, options: list(bytes) })
/** Nobody votes any more. */
export const ClosePoll = record('ClosePoll', { chatId, userId, seq })
/** To the actor of a channel: how often posts have been seen and forwarded since the last time. At most `MAX_COUNTED_POSTS`. */
export const CountViews = record('CountViews', {
  chatId,
  posts: list(nested('CountedPost', { seq, views: int, forwards: int })),
})

/** `options` and `before` are places in the list of options. */
export const PollVoted = record('PollVoted', {
  chatId,
  seq,
  userId,
  date: int,
  options: list(int),
  before: list(int),
  beforeDate: int,
  /** Votes by option, and how many users have voted, after it. */
  counts: list(int),
  voters: int,
  /** Of polls that show who votes: the last voters, newest first. */
  recent: list(userId),
  authorId: userId,
  /** The author has something new to see. */
  unread: bool,
  /** Private chats: those who have the message. */
  told: list(userId),
})
export const PollClosed = record('PollClosed', {
  chatId,
  seq,
  byUserId: userId,
  date: int,
  authorId: userId,
  poll: pollFacts,
  told: list(userId),
})
/** Totals. */
export const ViewsCounted = record('ViewsCounted', {
  chatId,
  date: int,
  posts: list(nested('PostCounters', { seq, views: int, forwards: int })),
})

export type VotePoll = RecordOf<typeof VotePoll>
export type ClosePoll = RecordOf<typeof ClosePoll>
export type CountViews = RecordOf<typeof CountViews>
export type PollCommand = VotePoll | ClosePoll | CountViews
export type PollVoted = RecordOf<typeof PollVoted>
export type PollClosed = RecordOf<typeof PollClosed>
export type ViewsCounted = RecordOf<typeof ViewsCounted>
export type PollEvent = PollVoted | PollClosed | ViewsCounted

export const MAX_RECENT_VOTERS = 3
/** How long a poll may be open that closes by itself. */
export const MIN_POLL_SECONDS = 5
export const MAX_POLL_SECONDS = 31 * 24 * 3600
export const MAX_COUNTED_POSTS = 100
