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
import type { ChatId, MessageSeq, PeerId, UserId } from '../ids.ts'
import type { GroupCommand, GroupEvent } from './group.ts'

const chatId = as<ChatId>(text)
const userId = as<UserId>(long)
const seq = as<MessageSeq>(int)

/** What must be known of a poll without opening its message. `correct` are the indices of right answers of a quiz. */
const pollFacts = nested('PollFacts', {
  pollId: int64,
  /** Opaque option bytes, in order. */
  options: list(bytes),
  multiple: bool,
  quiz: bool,
  publicVoters: bool,
  correct: list(int),
  /** Unix seconds; 0 none. */
  closeDate: int,
})

/** The message in another chat that this one is a copy of; where it says so, body and key are those of that chat. */
const copyOf = nested('CopyOf', { chatId, seq, sealedThere: bool })

/**
 * What must be known of a message without opening it, beyond what every message has; null for a plain text in a private
 * chat without any of it.
 */
export const messageExtra = nested('MessageExtra', {
  /** Users named in the text, the author of the answered message not among them. */
  mentions: list(userId),
  /** What it is, by the lower-camel names of `gateway/rpc/messages/kinds`: photo, video, document, url, poll, … */
  kinds: list(text),
  /** Ids of photos and documents that it refers to. */
  files: list(int64),
  poll: optional(pollFacts),
  /** The first message of the thread or topic that it belongs to. */
  threadSeq: optional(seq),
  /** The chat in whose name it is sent: a channel, or the group itself for anonymous administrators. */
  postAs: optional(as<PeerId>(long)),
  groupedId: optional(int64),
  copyOf: optional(copyOf),
  /** Says what happened in the chat; made by a command of the chat, never by `SendMessage`. */
  service: bool,
  noForwards: bool,
})

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
})
/** `forAll` deletes for every member, otherwise for `userId` alone. At most `MAX_DELETED_PER_COMMAND` seqs. */
export const DeleteMessages = record('DeleteMessages', { chatId, userId, seqs: list(seq), forAll: bool })
export const ReadHistory = record('ReadHistory', { chatId, readerId: userId, upToSeq: seq })

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
})
/** The same (sender, random id) came again: nothing new happened, the sender gets the first answer again. */
export const SendRepeated = record('SendRepeated', { chatId, seq, senderId: userId, randomId: int64 })
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
})
/** `lostBy` had it until now. Where nobody keeps it the stored body goes too. */
const deletedMessage = nested('DeletedMessage', { seq, lostBy: list(userId), keptBy: list(userId) })
/** At least one message, in the order of their seqs; `byUserId` loses every one of them. */
export const MessagesDeleted = record('MessagesDeleted', {
  chatId,
  byUserId: userId,
  messages: list(deletedMessage),
  date: int,
  /** Channels: pts after it, one for each message. */
  pts: withDefault(int, 0),
})
/** `readerId` has read up to `upToSeq`, further than before and with something of another member in between. */
export const HistoryRead = record('HistoryRead', {
  chatId,
  readerId: userId,
  upToSeq: seq,
  date: int,
  members: list(userId),
})

export type SendMessage = RecordOf<typeof SendMessage>
export type EditMessage = RecordOf<typeof EditMessage>
export type DeleteMessages = RecordOf<typeof DeleteMessages>
export type ReadHistory = RecordOf<typeof ReadHistory>
/** Of messages; those of groups and channels themselves are `GroupCommand`. */
export type MessageCommand = SendMessage | EditMessage | DeleteMessages | ReadHistory
export type ChatCommand = MessageCommand | GroupCommand

export type MessageExtra = NonNullable<SendMessage['extra']>
export type PollFacts = NonNullable<MessageExtra['poll']>

export type MessageSent = RecordOf<typeof MessageSent>
export type SendRepeated = RecordOf<typeof SendRepeated>
export type MessageEdited = RecordOf<typeof MessageEdited>
export type MessagesDeleted = RecordOf<typeof MessagesDeleted>
export type DeletedMessage = MessagesDeleted['messages'][number]
export type HistoryRead = RecordOf<typeof HistoryRead>
export type MessageEvent = MessageSent | SendRepeated | MessageEdited | MessagesDeleted | HistoryRead
export type ChatEvent = MessageEvent | GroupEvent

export const MAX_DELETED_PER_COMMAND = 100
