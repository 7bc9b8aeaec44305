import { as, bool, int, list, long, nested, type RecordOf, record, text } from '../dsl.ts'
import type { ChatId, MessageSeq, UserId } from '../ids.ts'

const chatId = as<ChatId>(text)
const userId = as<UserId>(long)
const seq = as<MessageSeq>(int)

/** Reactions to messages: records of `chat.commands` and `chat.events`. A reaction is an emoji, or `custom:<document id>`. */

/** All reactions that `userId` has to the message from now on, in its order; none takes them back. */
export const SetReactions = record('SetReactions', {
  chatId,
  userId,
  seq,
  reactions: list(text),
  big: bool,
})
/** `byUserId`, who may delete messages, takes away the reactions of `userId`. At most `MAX_CLEARED_REACTIONS` seqs. */
export const ClearReactions = record('ClearReactions', { chatId, byUserId: userId, userId, seqs: list(seq) })
/**
 * `userId` has seen what others did to its messages: `kind` is reactions or votes. At most `MAX_READ_PER_COMMAND` seqs.
 */
export const ReadReactions = record('ReadReactions', { chatId, userId, kind: text, seqs: list(seq) })

const reactionCount = nested('ReactionCount', { reaction: text, count: int })
const recentReaction = nested('RecentReaction', { userId, reaction: text, date: int, big: bool })

/** What `userId` has said to a message now, and what all have said together. */
export const ReactionsChanged = record('ReactionsChanged', {
  chatId,
  seq,
  userId,
  date: int,
  reactions: list(text),
  big: bool,
  /** What it had said until now, and when. */
  before: list(text),
  beforeDate: int,
  counts: list(reactionCount),
  /** The last that came, newest first; none in broadcasts, where nobody sees who reacts. */
  recent: list(recentReaction),
  authorId: userId,
  /** set: the author has something new to see; clear: nothing is left to see; keep. */
  unread: text,
  /** Private chats: those who have the message. */
  told: list(userId),
  /** Answers the caller. */
  answers: bool,
})
export const ReactionsRead = record('ReactionsRead', {
  chatId,
  userId,
  kind: text,
  seqs: list(seq),
  date: int,
})

export type SetReactions = RecordOf<typeof SetReactions>
export type ClearReactions = RecordOf<typeof ClearReactions>
export type ReadReactions = RecordOf<typeof ReadReactions>
export type ReactionCommand = SetReactions | ClearReactions | ReadReactions
export type ReactionsChanged = RecordOf<typeof ReactionsChanged>
export type ReactionCount = ReactionsChanged['counts'][number]
export type RecentReaction = ReactionsChanged['recent'][number]
export type ReactionsRead = RecordOf<typeof ReactionsRead>
export type ReactionEvent = ReactionsChanged | ReactionsRead

/** Reactions that one user has to one message. */
export const MAX_OWN_REACTIONS = 3
/** Different reactions to one message, unless the chat has fewer. */
export const MAX_UNIQUE_REACTIONS = 11
/** Reactions kept with a message, with who gave them. */
export const MAX_RECENT_REACTIONS = 3
export const MAX_CLEARED_REACTIONS = 100
export const MAX_READ_PER_COMMAND = 100
