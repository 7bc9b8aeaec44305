import { as, bytes, int, int64, long, optional, type RecordOf, record, text } from '../dsl.ts'
import type { ChatId, MessageSeq, UserId } from '../ids.ts'
import { messageExtra } from './message-extra.ts'

const chatId = as<ChatId>(text)
const userId = as<UserId>(long)
const seq = as<MessageSeq>(int)

/** What is put into messages after they were sent, and what is told in a chat beside messages: records of `chat.commands` and `chat.events`. */

/** What an amendment does: the page of a link has come; tasks of a list are ticked off, or new ones put to it; options of a poll come or go. */
export type Amendment = 'web-page' | 'todo-complete' | 'todo-append' | 'poll-append' | 'poll-delete'

/**
 * Another body for a message that is not an edit by its author. It is made from the body that ends with `basis`, and refused where
 * there is another one by now. `service` is a sealed `MessageContent` that tells of it; null for none.
 */
export const AmendMessage = record('AmendMessage', {
  chatId,
  userId,
  seq,
  what: as<Amendment>(text),
  basis: bytes,
  sealed: bytes,
  extra: optional(messageExtra),
  words: optional(bytes),
  service: optional(bytes),
  serviceRandomId: int64,
})
/**
 * A service message of a private chat. With `look` it changes how the chat looks: theme (for both), wallpaper (for `userId`). `value`
 * is sealed; null for none.
 */
export const TellChat = record('TellChat', {
  chatId,
  userId,
  replyToSeq: optional(seq),
  look: text,
  value: optional(bytes),
  service: bytes,
  serviceRandomId: int64,
})
/** How a private chat looks from now on; `userId` is 0 where it does so for both. */
export const LookChanged = record('LookChanged', {
  chatId,
  look: text,
  userId,
  byUserId: userId,
  value: optional(bytes),
  date: int,
})

/** Bytes at the end of a sealed body that tell it from every other one. */
export const BASIS_BYTES = 16

export type AmendMessage = RecordOf<typeof AmendMessage>
export type TellChat = RecordOf<typeof TellChat>
export type AmendCommand = AmendMessage | TellChat
export type LookChanged = RecordOf<typeof LookChanged>
