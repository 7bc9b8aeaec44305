import {
  type ChatInfo,
  chatKindOf,
  GENERAL_TOPIC,
  type MessageSent,
  type MessageSeq,
  type PeerId,
  type SendMessage,
} from '@heliograph/schemas/avro'
import { type RowRef, topics } from '@heliograph/storage'
import type { Member } from '../chat/rights.ts'
import type { Rejection, Rows } from '../runtime/decider.ts'
import { threadOf, threadRefs, withReply } from './state.ts'
import { isForum, refusedIn, topicOf } from './topic.ts'

/** What a message of a channel looks at of the thread or topic that it belongs to. */
export function placeRefs({ chatId, extra }: SendMessage): RowRef[] {
  if (chatKindOf(chatId) !== 'channel') return []
  const threadSeq = extra?.threadSeq ?? null
  if (threadSeq !== null) return threadRefs(chatId, threadSeq)
  return [{ table: topics, key: { chatId, topSeq: GENERAL_TOPIC } }]
}

/**
 * The message in its thread, which counts it. In a forum threads are topics: what is in none of them is in General. Rejects with
 * TOPIC_CLOSED, TOPIC_DELETED.
 */
export function placedInThread(
  rows: Rows,
  channel: ChatInfo,
  member: Member,
  event: MessageSent,
): MessageSent | { readonly rejected: Rejection } {
  const { chatId, senderId, extra } = event
  const threadSeq = extra?.threadSeq ?? null
  if (isForum(channel)) {
    const topic = topicOf(rows, chatId, threadSeq ?? GENERAL_TOPIC)
    const rejected = topic && refusedIn(topic, member, senderId)
    if (rejected !== undefined) return { rejected }
    if (topic === undefined || topic.topSeq === GENERAL_TOPIC) return outsideThreads(event)
  }
  return threadSeq === null ? event : counted(rows, event, threadSeq)
}

function outsideThreads(event: MessageSent): MessageSent {
  const { extra } = event
  return extra === null || extra.threadSeq === null
    ? event
    : { ...event, extra: { ...extra, threadSeq: null } }
}

function counted(rows: Rows, event: MessageSent, threadSeq: MessageSeq): MessageSent {
  const { chatId, seq, senderId, extra } = event
  const replier = extra?.postAs ?? (senderId as number as PeerId)
  return { ...event, thread: withReply(threadOf(rows, chatId, threadSeq), seq, replier) }
}
