import {
  as,
  bool,
  bytes,
  int,
  int64,
  list,
  long,
  nested,
  optional,
  type RecordOf,
  record,
  text,
  withDefault,
} from '../dsl.ts'
import type { ChatId, MessageSeq, UserId } from '../ids.ts'
import type { AmendCommand, LookChanged } from './amend.ts'
import type { GroupCommand, GroupEvent } from './group.ts'
import { messageExtra } from './message-extra.ts'
import type { PollCommand, PollEvent } from './poll.ts'
import type { ReactionCommand, ReactionEvent } from './reaction.ts'
import type { ScheduleCommand, ScheduleEvent } from './schedule.ts'
import type { ThreadCommand, ThreadEvent } from './thread.ts'
import { threadState } from './thread-state.ts'

const chatId = as<ChatId>(text)
const userId = as<UserId>(long)
const seq = as<MessageSeq>(int)

/** A sealed `channelAdminLogEventAction`, for what an administrator does to messages of a channel. */
const logOfCommand = { log: optional(bytes) } as const
/** The same in an event; `logId` is the place of the command in the log. */
const logOfEvent = { log: optional(bytes), logId: withDefault(long, 0) } as const

/** Commands of `chat.commands`, keyed by chat id. `sealed` is a sealed `MessageContent`. */
export const SendMessage = record('SendMessage', {
  chatId,
  senderId: userId,
  randomId: int64,
  sealed: bytes,
  replyToSeq: optional(seq),
  silent: bool,
  extra: optional(messageExtra),
  /** Keyed hashes of the text's words for the search, packed. */
  words: optional(bytes),
})
export const EditMessage = record('EditMessage', {
  chatId,
  editorId: userId,
  seq,
  sealed: bytes,
  extra: optional(messageExtra),
  words: optional(bytes),
  ...logOfCommand,
})
/**
 * `forAll` deletes for every member, otherwise for `userId` alone. At most `MAX_DELETED_PER_COMMAND` seqs. Messages whose
 * timer has run out are deleted for all by the service account.
 */
export const DeleteMessages = record('DeleteMessages', {
  chatId,
  userId,
  seqs: list(seq),
  forAll: bool,
  ...logOfCommand,
})
/** Of private chats and basic groups. */
export const ReadHistory = record('ReadHistory', { chatId, readerId: userId, upToSeq: seq })
/**
 * Pins messages, or unpins them; `oneSide` for `userId` alone, in a private chat. At most `MAX_PINNED_PER_COMMAND` seqs.
 * `service` is a sealed `MessageContent` that tells of it; null for a quiet one.
 */
export const PinMessages = record('PinMessages', {
  chatId,
  userId,
  seqs: list(seq),
  pinned: bool,
  oneSide: bool,
  service: optional(bytes),
  serviceRandomId: int64,
  ...logOfCommand,
})
/** `userId` has seen these messages, which mention it. At most `MAX_MENTIONS_PER_COMMAND`. */
export const ReadMentions = record('ReadMentions', { chatId, userId, seqs: list(seq) })

/** Events of `chat.events`, keyed by chat id. `members` are all who have a mailbox; times are Unix seconds. */
export const MessageSent = record('MessageSent', {
  chatId,
  seq,
  senderId: userId,
  date: int,
  randomId: int64,
  sealed: bytes,
  replyToSeq: optional(seq),
  silent: bool,
  /** All that it is sent to, the sender included; service accounts have no mailbox and never stand here. */
  members: list(userId),
  /** The last earlier message of the chat by anybody but this sender; 0 where there is none. */
  lastOtherSeq: seq,
  extra: optional(messageExtra),
  words: optional(bytes),
  /** Channels: pts after it. */
  pts: withDefault(int, 0),
  /** When the chat's timer removes it, Unix seconds; 0 never. */
  expiresAt: withDefault(int, 0),
  /** Basic groups: members that come back with this message, and the last one that each got before it left. */
  returned: withDefault(list(nested('ReturnedMember', { userId, previousSeq: seq })), []),
  /** It answers its sender's call; false where another event of the decision does. */
  answers: withDefault(bool, true),
  /** Groups and channels: members whom the text names, and the author of the message that it answers. */
  mentioned: withDefault(list(userId), []),
  /** Basic groups: `chats.awaiting` after it. */
  awaiting: withDefault(list(long), []),
  /** The sender has to wait before the next one. */
  slowed: withDefault(bool, false),
  /** Channels: the thread that it is in, after it. */
  thread: optional(threadState),
  /** Broadcasts: the group that it is copied to, to be commented there. */
  discussedIn: optional(chatId),
})
/** The same (sender, random id) came again: nothing new happened, the sender gets the first answer again. */
export const SendRepeated = record('SendRepeated', {
  chatId,
  seq,
  senderId: userId,
  randomId: int64,
  /** Channels: when it was sent, and pts of now. */
  date: withDefault(int, 0),
  pts: withDefault(int, 0),
})
/** Channels: the columns of `chats` that an event which moves pts does not change. */
const chatCounts = nested('ChatCounts', { lastSeq: seq, lastSenderId: userId, lastOtherSeq: seq })
export const MessageEdited = record('MessageEdited', {
  chatId,
  seq,
  editorId: userId,
  senderId: userId,
  date: int,
  editDate: int,
  sealed: bytes,
  randomId: int64,
  replyToSeq: optional(seq),
  silent: bool,
  /** All that it was sent to. */
  members: list(userId),
  /** Those who have it still, and learn of the edit. */
  keptBy: list(userId),
  extra: optional(messageExtra),
  words: optional(bytes),
  pts: withDefault(int, 0),
  expiresAt: withDefault(int, 0),
  /** Photos and documents that it refers to no more. */
  lostFiles: withDefault(list(int64), []),
  /** As it was sent; an edit mentions nobody. */
  mentioned: withDefault(list(userId), []),
  counts: optional(chatCounts),
  /** When its body was changed by what is no edit; 0 for an edit. */
  amendedAt: withDefault(int, 0),
  /** Gives the caller its answer; otherwise a message that tells of it does. */
  answers: withDefault(bool, true),
  ...logOfEvent,
})
/** `lostBy` had it until now. Where nobody keeps it the stored body goes too. */
const deletedMessage = nested('DeletedMessage', { seq, lostBy: list(userId), keptBy: list(userId) })
/** Of a channel: it was in a thread. */
const lostReply = nested('LostReply', { seq, topSeq: seq })
/** A photo or document that a message referred to which nobody keeps. */
const deletedFile = nested('DeletedFile', { seq, documentId: int64 })
const besideMessage = nested('BesideMessage', {
  seq,
  authorId: userId,
  reactions: bool,
  poll: bool,
  counters: bool,
})
/** At least one message, in the order of their seqs; `byUserId` loses every one of them. */
export const MessagesDeleted = record('MessagesDeleted', {
  chatId,
  byUserId: userId,
  messages: list(deletedMessage),
  date: int,
  /** Channels: pts after it, one for each message. */
  pts: withDefault(int, 0),
  files: withDefault(list(deletedFile), []),
  /** Members who lose a message that mentions them. */
  mentions: withDefault(list(nested('LostMention', { seq, userId })), []),
  /** Those of the messages that were pinned and that nobody keeps. */
  unpinned: withDefault(list(seq), []),
  /** Those that nobody keeps and that had more than a row: reactions, a poll, counters of a post. */
  beside: withDefault(list(besideMessage), []),
  /** Channels: those that were in threads. */
  replies: withDefault(list(lostReply), []),
  counts: optional(chatCounts),
  ...logOfEvent,
  /** Channels: how many seqs without a message there are after it, of each block that it takes from. */
  gaps: withDefault(list(nested('Gap', { block: int, deleted: int })), []),
})
/** `readerId` has read up to `upToSeq`, further than before and with something of another member in between. */
export const HistoryRead = record('HistoryRead', {
  chatId,
  readerId: userId,
  upToSeq: seq,
  date: int,
  /** The reader, and those whose messages have been read by it and by nobody else yet. */
  members: list(userId),
  /** Basic groups: how far the two members who are furthest have read, after it. */
  marks: optional(nested('ReadMarks', { topReaderId: userId, topReadSeq: seq, secondReadSeq: seq })),
})
/**
 * `told` have the message, and a mailbox. `pinnedFor`: those for whom it is pinned after it, in a private chat; empty in groups
 * and channels, where it is for all.
 */
const pinnedMessage = nested('PinnedMessage', { seq, told: list(userId), pinnedFor: list(userId) })
/** At least one message. */
export const MessagesPinned = record('MessagesPinned', {
  chatId,
  byUserId: userId,
  messages: list(pinnedMessage),
  pinned: bool,
  date: int,
  /** Channels: pts after it, one for each message. */
  pts: int,
  counts: optional(chatCounts),
  /** Gives the caller its answer; otherwise a message that tells of it does. */
  answers: bool,
  ...logOfEvent,
})
/** Messages that `userId` had not seen the mention in. `pts` of a channel as it is. */
export const MentionsRead = record('MentionsRead', { chatId, userId, seqs: list(seq), date: int, pts: int })

/** Fields that have a default, which those who write may leave out. */
type Open<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>

export type SendMessage = RecordOf<typeof SendMessage>
export type EditMessage = Open<RecordOf<typeof EditMessage>, 'log'>
export type DeleteMessages = Open<RecordOf<typeof DeleteMessages>, 'log'>
export type ReadHistory = RecordOf<typeof ReadHistory>
export type PinMessages = Open<RecordOf<typeof PinMessages>, 'log'>
export type ReadMentions = RecordOf<typeof ReadMentions>
/** Of messages; those of groups and channels themselves are `GroupCommand`. */
export type MessageCommand =
  | SendMessage
  | EditMessage
  | DeleteMessages
  | ReadHistory
  | PinMessages
  | ReadMentions
export type ChatCommand =
  | MessageCommand
  | GroupCommand
  | ScheduleCommand
  | ThreadCommand
  | ReactionCommand
  | PollCommand
  | AmendCommand

type CountsAndLog = 'counts' | 'log' | 'logId'
export type MessageSent = Open<
  RecordOf<typeof MessageSent>,
  'mentioned' | 'returned' | 'awaiting' | 'slowed' | 'answers' | 'thread' | 'discussedIn'
>
export type ReturnedMember = RecordOf<typeof MessageSent>['returned'][number]
export type SendRepeated = Open<RecordOf<typeof SendRepeated>, 'date' | 'pts'>
export type ChatCounts = NonNullable<RecordOf<typeof MessageEdited>['counts']>
export type MessageEdited = Open<
  RecordOf<typeof MessageEdited>,
  'lostFiles' | 'mentioned' | 'amendedAt' | 'answers' | CountsAndLog
>
export type MessagesDeleted = Open<
  RecordOf<typeof MessagesDeleted>,
  'files' | 'mentions' | 'unpinned' | 'beside' | 'replies' | 'gaps' | CountsAndLog
>
export type DeletedMessage = MessagesDeleted['messages'][number]
export type HistoryRead = Open<RecordOf<typeof HistoryRead>, 'marks'>
export type ReadMarks = NonNullable<HistoryRead['marks']>
export type MessagesPinned = Open<RecordOf<typeof MessagesPinned>, CountsAndLog>
export type PinnedMessage = MessagesPinned['messages'][number]
export type MentionsRead = RecordOf<typeof MentionsRead>
export type MessageEvent =
  | MessageSent
  | SendRepeated
  | MessageEdited
  | MessagesDeleted
  | HistoryRead
  | MessagesPinned
  | MentionsRead
export type ChatEvent =
  | MessageEvent
  | GroupEvent
  | ScheduleEvent
  | ThreadEvent
  | ReactionEvent
  | PollEvent
  | LookChanged

export const MAX_DELETED_PER_COMMAND = 100
/** Seqs of a channel whose deletions are counted together: what is read for a count grows with the history by one row for so many. */
export const GAP_BLOCK_SEQS = 4096
export const MAX_PINNED_PER_COMMAND = 100
export const MAX_MENTIONS_PER_COMMAND = 100
/** Users whom one message may mention with a notification. */
export const MAX_MENTIONS = 50
