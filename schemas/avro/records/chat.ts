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
} from '../dsl.ts'
import type { ChatId, MessageSeq, UserId } from '../ids.ts'

const chatId = as<ChatId>(text)
const userId = as<UserId>(long)
const seq = as<MessageSeq>(int)

/** Commands of `chat.commands`, keyed by chat id. `sealed` is a sealed `MessageContent`. */
export const SendMessage = record('SendMessage', {
  chatId,
  senderId: userId,
  randomId: int64,
  sealed: bytes,
  replyToSeq: optional(seq),
  silent: bool,
})
export const EditMessage = record('EditMessage', { chatId, editorId: userId, seq, sealed: bytes })
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
})
/** `lostBy` had it until now. Where nobody keeps it the stored body goes too. */
const deletedMessage = nested('DeletedMessage', { seq, lostBy: list(userId), keptBy: list(userId) })
/** At least one message, in the order of their seqs; `byUserId` loses every one of them. */
export const MessagesDeleted = record('MessagesDeleted', {
  chatId,
  byUserId: userId,
  messages: list(deletedMessage),
  date: int,
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
export type ChatCommand = SendMessage | EditMessage | DeleteMessages | ReadHistory

export type MessageSent = RecordOf<typeof MessageSent>
export type SendRepeated = RecordOf<typeof SendRepeated>
export type MessageEdited = RecordOf<typeof MessageEdited>
export type MessagesDeleted = RecordOf<typeof MessagesDeleted>
export type DeletedMessage = MessagesDeleted['messages'][number]
export type HistoryRead = RecordOf<typeof HistoryRead>
export type ChatEvent = MessageSent | SendRepeated | MessageEdited | MessagesDeleted | HistoryRead

export const MAX_DELETED_PER_COMMAND = 100
