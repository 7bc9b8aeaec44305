import {
  as,
  bool,
  bytes,
  int,
  list,
  long,
  optional,
  type RecordOf,
  record,
  text,
  withDefault,
} from '../dsl.ts'
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
  /** The text names this user, or it answers a message of it. */
  mentioned: withDefault(bool, false),
  /** When the chat's timer removes it, Unix seconds; 0 never. */
  expiresAt: withDefault(int, 0),
  /** The last message of the chat that this user got, where that is not the one before: it had left, and came back. */
  previousSeq: optional(seq),
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
  /** The text names this user, or it answers a message of it. */
  mentioned: withDefault(bool, false),
  /** When the chat's timer removes it, Unix seconds; 0 never. */
  expiresAt: withDefault(int, 0),
  /** When its body was changed by what is no edit; 0 for an edit. */
  amendedAt: withDefault(int, 0),
})
/** Messages that this user had until now, each once, at least one: pts grows by their number. */
export const MailboxDeleted = record('MailboxDeleted', { userId, peerId, seqs: list(seq), date: int })
/**
 * `out` false: this user read the chat up to `upToSeq`. `out` true: the other side read what this user sent.
 * Always further than before: pts grows by 1.
 */
export const MailboxRead = record('MailboxRead', { userId, peerId, upToSeq: seq, out: bool, date: int })

/** Messages were pinned in the chat, or are not any more: pts grows by their number. */
export const MailboxPinned = record('MailboxPinned', {
  userId,
  peerId,
  seqs: list(seq),
  pinned: bool,
  date: int,
})
/** This user has seen what is in these messages (a mention, a voice note): pts grows by their number. */
export const MailboxContentsRead = record('MailboxContentsRead', {
  userId,
  peerId,
  seqs: list(seq),
  date: int,
})

type MessageValue = RecordOf<typeof MailboxMessage>
export type MailboxMessage = Omit<MessageValue, 'previousSeq'> & Partial<Pick<MessageValue, 'previousSeq'>>
export type MailboxRepeated = RecordOf<typeof MailboxRepeated>
type MailboxEditedValue = RecordOf<typeof MailboxEdited>
export type MailboxEdited = Omit<MailboxEditedValue, 'amendedAt'> &
  Partial<Pick<MailboxEditedValue, 'amendedAt'>>
export type MailboxDeleted = RecordOf<typeof MailboxDeleted>
export type MailboxRead = RecordOf<typeof MailboxRead>
export type MailboxPinned = RecordOf<typeof MailboxPinned>
export type MailboxContentsRead = RecordOf<typeof MailboxContentsRead>
export type MailboxRecord =
  | MailboxMessage
  | MailboxRepeated
  | MailboxEdited
  | MailboxDeleted
  | MailboxRead
  | MailboxPinned
  | MailboxContentsRead
