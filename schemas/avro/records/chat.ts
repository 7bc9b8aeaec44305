import { as, bool, bytes, int, int64, list, long, optional, type RecordOf, record, text } from '../dsl.ts'
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

/** Events of `chat.events`, keyed by chat id. `members` are all whose mailbox it reaches; times are Unix seconds. */
export const MessageSent = record('MessageSent', {
  chatId,
  seq,
  senderId: userId,
  date: int,
  randomId: int64,
  sealed: bytes,
  replyToSeq: optional(seq),
  silent: bool,
  members: list(userId),
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
  members: list(userId),
})
/** `userIds` lose the messages; `bodies` tells that nobody keeps them, so that the stored bodies go too. */
export const MessagesDeleted = record('MessagesDeleted', {
  chatId,
  seqs: list(seq),
  byUserId: userId,
  userIds: list(userId),
  bodies: bool,
  date: int,
})
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
export type HistoryRead = RecordOf<typeof HistoryRead>
export type ChatEvent = MessageSent | SendRepeated | MessageEdited | MessagesDeleted | HistoryRead

export const MAX_DELETED_PER_COMMAND = 100
