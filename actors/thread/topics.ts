import {
  type ChatEvent,
  type CreateTopic,
  type DeleteTopic,
  type EditTopic,
  GENERAL_TOPIC,
  MAX_PINNED_TOPICS,
  type MessageSent,
  type MessageSeq,
  type PinTopics,
  type RecordHeader,
  type Topic,
  type TopicsChanged,
} from '@heliograph/schemas/avro'
import { type Mutation, type RowRef, topics } from '@heliograph/storage'
import { answered } from '../account/user-channel.ts'
import { chatRefs } from '../chat/state.ts'
import { publish } from '../message/channel.ts'
import { projectLog } from '../message/log.ts'
import { serviceMessage, serviceRefs } from '../message/service.ts'
import type { At, Decision, Reaction, Rejection, Rows } from '../runtime/decider.ts'
import { threadOf, threadRefs, withReply } from './state.ts'
import { type Forum, forumOf, managesTopics, mayCreate, mayEdit, topicOf } from './topic.ts'

const topicIdInvalid = { rejected: { code: 400, message: 'TOPIC_ID_INVALID' } } as const
const notModified = { rejected: { code: 400, message: 'TOPIC_NOT_MODIFIED' } } as const
const pinnedTooMuch = { rejected: { code: 400, message: 'PINNED_TOO_MUCH' } } as const
const adminRequired: Rejection = { code: 400, message: 'CHAT_ADMIN_REQUIRED' }

type TopicCommand = CreateTopic | EditTopic | PinTopics | DeleteTopic

export function needsOfTopic(command: TopicCommand): RowRef[] {
  const { chatId, userId } = command
  const refs = [...chatRefs(chatId, userId), ...serviceRefs(chatId)]
  return refs.concat(namedBy(command).flatMap((topSeq) => threadRefs(chatId, topSeq)))
}

function namedBy(command: TopicCommand): number[] {
  if (command.type === 'CreateTopic') return []
  if (command.type !== 'PinTopics') return [command.topSeq]
  return [...new Set([...command.order, ...command.others])]
}

function changed(
  command: TopicCommand,
  change: string,
  changes: Topic[],
  at: At,
  answers = true,
): TopicsChanged {
  const { chatId, userId, log } = command
  const logged = { log, logId: at.offset }
  return { type: 'TopicsChanged', chatId, userId, topics: changes, change, date: at.date, answers, ...logged }
}

/**
 * The message that tells of a new topic is its first, and gives it its id. Rejects with CHANNEL_FORUM_MISSING,
 * CHAT_ADMIN_REQUIRED.
 */
export function decideCreateTopic(rows: Rows, command: CreateTopic, at: At): Decision<ChatEvent> {
  const { chatId, userId, postAs, title, iconColor, iconEmojiId, service, serviceRandomId } = command
  const forum = forumOf(rows, chatId, userId, at)
  if ('rejected' in forum) return forum
  const rejected = mayCreate(forum, at.date)
  if (rejected !== undefined) return { rejected }
  const draft = { chatId, info: forum.info, byUserId: userId, sealed: service, randomId: serviceRandomId }
  const message = serviceMessage(rows, { ...draft, extra: { postAs } }, at)
  const topSeq = message.seq
  const topic: Topic = {
    topSeq,
    creatorId: userId,
    postAs,
    date: at.date,
    title,
    iconColor,
    iconEmojiId,
    closed: false,
    hidden: false,
    pinned: 0,
    deleted: false,
  }
  const thread = { topSeq, replies: 0, lastSeq: topSeq, repliers: [] }
  return { events: [changed(command, 'create', [topic], at, false), { ...message, thread }] }
}

/** Rejects with TOPIC_ID_INVALID, TOPIC_NOT_MODIFIED, CHAT_ADMIN_REQUIRED. Only General may be hidden. */
export function decideEditTopic(rows: Rows, command: EditTopic, at: At): Decision<ChatEvent> {
  const { chatId, userId, topSeq, title, iconEmojiId, closed, hidden } = command
  const forum = forumOf(rows, chatId, userId, at)
  if ('rejected' in forum) return forum
  const topic = topicOf(rows, chatId, topSeq)
  if (topic === undefined || topic.deleted) return topicIdInvalid
  if (hidden !== null && topSeq !== GENERAL_TOPIC) return topicIdInvalid
  const rejected = mayEdit(forum, topic, userId)
  if (rejected !== undefined) return { rejected }
  const after: Topic = {
    ...topic,
    title: title ?? topic.title,
    iconEmojiId: iconEmojiId ?? topic.iconEmojiId,
    closed: closed ?? topic.closed,
    hidden: hidden ?? topic.hidden,
  }
  const isSame =
    title === null &&
    after.iconEmojiId === topic.iconEmojiId &&
    after.closed === topic.closed &&
    after.hidden === topic.hidden
  if (isSame) return notModified
  const event = changed(command, 'edit', [after], at, command.service === null)
  return { events: command.service === null ? [event] : [event, toldIn(rows, command, forum, at)] }
}

/** The service message stands in the topic that it tells of. */
function toldIn(rows: Rows, command: EditTopic, { info }: Forum, at: At): MessageSent {
  const { chatId, userId, topSeq, service, serviceRandomId } = command
  const isGeneral = topSeq === GENERAL_TOPIC
  const extra = { threadSeq: isGeneral ? null : topSeq }
  const draft = { chatId, info, byUserId: userId, sealed: service!, randomId: serviceRandomId, extra }
  const message = serviceMessage(rows, draft, at)
  if (isGeneral) return message
  return { ...message, thread: withReply(threadOf(rows, chatId, topSeq), message.seq, userId as never) }
}

/** Rejects with CHAT_ADMIN_REQUIRED, TOPIC_ID_INVALID, PINNED_TOO_MUCH. */
export function decidePinTopics(rows: Rows, command: PinTopics, at: At): Decision<ChatEvent> {
  const { chatId, userId, order, others } = command
  const forum = forumOf(rows, chatId, userId, at)
  if ('rejected' in forum) return forum
  if (!managesTopics(forum.member)) return { rejected: adminRequired }
  if (order.length > MAX_PINNED_TOPICS) return pinnedTooMuch
  const places = new Map(others.map((topSeq) => [topSeq, 0]))
  for (const [index, topSeq] of order.entries()) places.set(topSeq, index + 1)
  const changes: Topic[] = []
  let isNew = false
  for (const [topSeq, pinned] of places) {
    const topic = topicOf(rows, chatId, topSeq)
    if (topic === undefined || topic.deleted) return topicIdInvalid
    isNew ||= topic.pinned !== pinned
    changes.push({ ...topic, pinned })
  }
  return { events: !isNew ? [] : [changed(command, 'pin', changes, at)] }
}

/** Rejects with TOPIC_ID_INVALID (General never goes), CHAT_ADMIN_REQUIRED. */
export function decideDeleteTopic(rows: Rows, command: DeleteTopic, at: At): Decision<ChatEvent> {
  const { chatId, userId, topSeq } = command
  const forum = forumOf(rows, chatId, userId, at)
  if ('rejected' in forum) return forum
  const topic = topicOf(rows, chatId, topSeq)
  if (topic === undefined || topSeq === GENERAL_TOPIC) return topicIdInvalid
  const rejected = mayEdit(forum, topic, userId)
  if (rejected !== undefined) return { rejected }
  if (topic.deleted) return { events: [] }
  return { events: [changed(command, 'delete', [{ ...topic, deleted: true, pinned: 0 }], at)] }
}

export function projectTopics(event: TopicsChanged): Mutation[] {
  const { chatId, userId } = event
  const rows = event.topics.map(
    (topic): Mutation => ({ kind: 'upsert', table: topics, row: { ...topic, chatId } }),
  )
  return [...rows, ...projectLog(event, userId, 'forums')]
}

/** New and edited topics are told by messages; what is pinned is not. */
export function reactToTopics(event: TopicsChanged, header: RecordHeader): Reaction[] {
  const { chatId, change, date, userId: senderId } = event
  const own = event.answers ? answered(header) : []
  if (change !== 'pin') return own
  const pinned = event.topics.filter(({ pinned: place }) => place > 0).sort((a, b) => a.pinned - b.pinned)
  const seqs = pinned.map(({ topSeq }) => topSeq as MessageSeq)
  return [...own, publish({ chatId, kind: 'pinned-topics', date }, { seqs, senderId }, header.reply?.session)]
}
