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
import type { ChatId, MessageSeq, PeerId, UserId } from '../ids.ts'
import { threadState } from './thread-state.ts'

const chatId = as<ChatId>(text)
const userId = as<UserId>(long)
const seq = as<MessageSeq>(int)

/** Threads of supergroups, and the topics of forums: records of `chat.commands` and `chat.events`. */

/** General: the topic that every forum has. */
export const GENERAL_TOPIC = 1

/** A topic of a forum. */
const topic = nested('Topic', {
  /** Seq of the service message that made it; `GENERAL_TOPIC`. */
  topSeq: seq,
  creatorId: userId,
  /** In whose name it was made. */
  postAs: optional(as<PeerId>(long)),
  /** Unix seconds. */
  date: int,
  /** Sealed. */
  title: bytes,
  iconColor: int,
  /** A custom emoji; 0 none. */
  iconEmojiId: int64,
  closed: bool,
  hidden: bool,
  /** Place among those that are pinned, from 1, the first on top; 0 not pinned. */
  pinned: int,
  /** It and its messages are gone. */
  deleted: bool,
})

/** A service message that goes with it, sealed by who gives the command; its place in the chat becomes the id of the topic. */
export const CreateTopic = record('CreateTopic', {
  chatId,
  userId,
  postAs: optional(as<PeerId>(long)),
  title: bytes,
  iconColor: int,
  iconEmojiId: int64,
  service: bytes,
  serviceRandomId: int64,
  log: optional(bytes),
})
/** A field that is null stays as it is. */
export const EditTopic = record('EditTopic', {
  chatId,
  userId,
  topSeq: seq,
  title: optional(bytes),
  iconEmojiId: optional(int64),
  closed: optional(bool),
  hidden: optional(bool),
  service: optional(bytes),
  serviceRandomId: int64,
  log: optional(bytes),
})
/** The topics that are pinned from now on, from the top; `others` are those that were, and are not any more. */
export const PinTopics = record('PinTopics', {
  chatId,
  userId,
  order: list(seq),
  others: list(seq),
  log: optional(bytes),
})
/** A topic goes; its messages are deleted by commands of their own. */
export const DeleteTopic = record('DeleteTopic', { chatId, userId, topSeq: seq, log: optional(bytes) })
/** To the same chat: so many messages of a thread have been deleted. */
export const RecountThread = record('RecountThread', { chatId, topSeq: seq, lost: int })

export const TopicsChanged = record('TopicsChanged', {
  chatId,
  userId,
  topics: list(topic),
  /** create, edit, pin, delete */
  change: text,
  date: int,
  answers: bool,
  log: optional(bytes),
  logId: long,
})
export const ThreadRecounted = record('ThreadRecounted', { chatId, thread: threadState })

export type Topic = RecordOf<typeof TopicsChanged>['topics'][number]
export type CreateTopic = RecordOf<typeof CreateTopic>
export type EditTopic = RecordOf<typeof EditTopic>
export type PinTopics = RecordOf<typeof PinTopics>
export type DeleteTopic = RecordOf<typeof DeleteTopic>
export type RecountThread = RecordOf<typeof RecountThread>
export type ThreadCommand = CreateTopic | EditTopic | PinTopics | DeleteTopic | RecountThread
export type TopicsChanged = RecordOf<typeof TopicsChanged>
export type ThreadRecounted = RecordOf<typeof ThreadRecounted>
export type ThreadEvent = TopicsChanged | ThreadRecounted

export const MAX_PINNED_TOPICS = 5
