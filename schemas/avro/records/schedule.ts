import { as, bool, bytes, int, int64, list, long, optional, type RecordOf, record, text } from '../dsl.ts'
import type { ChatId, MessageSeq, UserId } from '../ids.ts'
import { messageExtra } from './message-extra.ts'

const chatId = as<ChatId>(text)
const userId = as<UserId>(long)
const seq = as<MessageSeq>(int)

/**
 * What is to happen later in a chat: records of `chat.commands` and `chat.events`. Scheduled messages have ids of their own, which
 * count from 1 for each sender in each chat.
 */

/** A date that stands for "as soon as the other one is online". */
export const WHEN_ONLINE = 0x7ffffffe
/** Scheduled messages of one sender in one chat. */
export const MAX_SCHEDULED = 100

const body = {
  sealed: bytes,
  extra: optional(messageExtra),
  words: optional(bytes),
  /** Unix seconds, or `WHEN_ONLINE`. */
  dueAt: int,
} as const

/** `SendMessage`, but later. */
export const ScheduleMessage = record('ScheduleMessage', {
  chatId,
  senderId: userId,
  randomId: int64,
  replyToSeq: optional(seq),
  silent: bool,
  ...body,
})
export const EditScheduled = record('EditScheduled', { chatId, senderId: userId, id: int, ...body })
/** At most `MAX_SCHEDULED` ids. */
export const CancelScheduled = record('CancelScheduled', { chatId, senderId: userId, ids: list(int) })
/**
 * Sends a scheduled message; `dueAt` is when it was due, 0 for at once by its sender. The others are those of the message, as
 * far as they name what the decision looks at. No event where it is not there any more, or due at another time.
 */
export const FireScheduled = record('FireScheduled', {
  chatId,
  senderId: userId,
  id: int,
  dueAt: int,
  randomId: int64,
  replyToSeq: optional(seq),
  threadSeq: optional(seq),
})
/** Messages whose timer, or whose poll, has run out at `dueAt`; at most `MAX_DELETED_PER_COMMAND`. */
export const ExpireMessages = record('ExpireMessages', { chatId, dueAt: int, seqs: list(seq) })
/** New messages of a private chat are deleted after so many seconds; 0 never. `service` tells of it. */
export const SetTimer = record('SetTimer', {
  chatId,
  userId,
  ttlSeconds: int,
  service: bytes,
  serviceRandomId: int64,
})

/** A scheduled message as it is from now on. */
export const ScheduledPut = record('ScheduledPut', {
  chatId,
  senderId: userId,
  id: int,
  randomId: int64,
  replyToSeq: optional(seq),
  silent: bool,
  ...body,
  /** Unix seconds; `editDate` 0 where never edited. */
  date: int,
  editDate: int,
  /** When it was due until now; 0 for a new one. */
  formerDueAt: int,
  /** All of this sender in this chat after it: their ids, random ids, and the last id ever. */
  ids: list(int),
  randomIds: list(int64),
  lastId: int,
  /** Photos and documents that it refers to no more. */
  lostFiles: list(int64),
})
/** The same random id came again. */
export const ScheduleRepeated = record('ScheduleRepeated', { chatId, senderId: userId, id: int, date: int })
/** Scheduled messages that are there no more; `dueAts` and `files` (of all) as they were. */
export const ScheduledGone = record('ScheduledGone', {
  chatId,
  senderId: userId,
  gone: list(int),
  dueAts: list(int),
  files: list(int64),
  /** Of whom each file was, by its id. */
  fileOwners: list(int),
  ids: list(int),
  randomIds: list(int64),
  lastId: int,
  /** What they became in the chat; empty where they were given up. */
  sentSeqs: list(seq),
  date: int,
  answers: bool,
})
/** Alarms that have rung, or are not wanted any more. */
export const AlarmsCleared = record('AlarmsCleared', {
  chatId,
  /** scheduled, expire, poll */
  what: text,
  dueAt: int,
  ids: list(int),
  /** scheduled: of whom; 0 of nobody. */
  ownerId: userId,
})

export type ScheduleMessage = RecordOf<typeof ScheduleMessage>
export type EditScheduled = RecordOf<typeof EditScheduled>
export type CancelScheduled = RecordOf<typeof CancelScheduled>
export type FireScheduled = RecordOf<typeof FireScheduled>
export type ExpireMessages = RecordOf<typeof ExpireMessages>
export type SetTimer = RecordOf<typeof SetTimer>
export type ScheduleCommand =
  | ScheduleMessage
  | EditScheduled
  | CancelScheduled
  | FireScheduled
  | ExpireMessages
  | SetTimer

export type ScheduledPut = RecordOf<typeof ScheduledPut>
export type ScheduleRepeated = RecordOf<typeof ScheduleRepeated>
export type ScheduledGone = RecordOf<typeof ScheduledGone>
export type AlarmsCleared = RecordOf<typeof AlarmsCleared>
export type ScheduleEvent = ScheduledPut | ScheduleRepeated | ScheduledGone | AlarmsCleared
