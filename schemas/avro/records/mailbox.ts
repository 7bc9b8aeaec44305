import { as, bool, bytes, int, list, long, optional, type RecordOf, record, text } from '../dsl.ts'
import type { ChatId, MessageSeq, PeerId, UserId } from '../ids.ts'

const userId = as<UserId>(long)
const peerId = as<PeerId>(long)
const chatId = as<ChatId>(text)
const seq = as<MessageSeq>(int)

/**
 * Records of `mailbox.events`, keyed by user id: one for each member whom a chat event concerns. `peerId` is the chat as
 * this user sees it. The notification actor folds them into the user's message ids, pts, dialogs and counts. Whether
 * something counts is decided by the message actor: each record but `MailboxRepeated` moves the user's pts.
 */
export const MailboxMessage = record('MailboxMessage', {
  userId,
  peerId,
  chatId,
  seq,
  senderId: userId,
  date: int,
  /** Sent by this user. */
  out: bool,
  silent: bool,
  replyToSeq: optional(seq),
  sealed: bytes,
})
/** The sender repeated a request that was done already: the answer of then, again. Counts nothing. */
export const MailboxRepeated = record('MailboxRepeated', { userId, peerId, seq })
export const MailboxEdited = record('MailboxEdited', {
  userId,
  peerId,
  chatId,
  seq,
  senderId: userId,
  date: int,
  editDate: int,
  out: bool,
  silent: bool,
  replyToSeq: optional(seq),
  sealed: bytes,
})
/** Messages that this user had until now, each once, at least one: pts grows by their number. */
export const MailboxDeleted = record('MailboxDeleted', { userId, peerId, seqs: list(seq), date: int })
/**
 * `out` false: this user read the chat up to `upToSeq`. `out` true: the other side read what this user sent.
 * Always further than before: pts grows by 1.
 */
export const MailboxRead = record('MailboxRead', { userId, peerId, upToSeq: seq, out: bool, date: int })

export type MailboxMessage = RecordOf<typeof MailboxMessage>
export type MailboxRepeated = RecordOf<typeof MailboxRepeated>
export type MailboxEdited = RecordOf<typeof MailboxEdited>
export type MailboxDeleted = RecordOf<typeof MailboxDeleted>
export type MailboxRead = RecordOf<typeof MailboxRead>
export type MailboxRecord = MailboxMessage | MailboxRepeated | MailboxEdited | MailboxDeleted | MailboxRead
