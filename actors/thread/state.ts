import {
  type ChatId,
  MAX_RECENT_REPLIERS,
  type MessageSeq,
  type PeerId,
  type ThreadState,
} from '@heliograph/schemas/avro'
import { type Mutation, type RowRef, threadMessages, threads, topics } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'

/** Threads of channels: what is counted of them. */

/** The rows that a message in a thread looks at. */
export function threadRefs(chatId: ChatId, topSeq: number): RowRef[] {
  const key = { chatId, topSeq }
  return [
    { table: threads, key },
    { table: topics, key },
  ]
}

/** A thread that nobody has written in yet is one without replies. */
export function threadOf(rows: Rows, chatId: ChatId, topSeq: MessageSeq): ThreadState {
  const row = rows.get(threads, { chatId, topSeq })
  return {
    topSeq,
    replies: row?.replies ?? 0,
    lastSeq: (row?.lastSeq ?? 0) as MessageSeq,
    repliers: [...((row?.repliers ?? []) as PeerId[])],
  }
}

/** The thread with one more message by `replier`. */
export function withReply(thread: ThreadState, seq: MessageSeq, replier: PeerId): ThreadState {
  const earlier = thread.repliers.filter((peer) => peer !== replier)
  const repliers = [replier, ...earlier].slice(0, MAX_RECENT_REPLIERS)
  return { ...thread, replies: thread.replies + 1, lastSeq: seq, repliers }
}

export function threadUpsert(chatId: ChatId, thread: ThreadState): Mutation {
  return { kind: 'upsert', table: threads, row: { ...thread, chatId } }
}

/** The rows of a new message in a thread. */
export function projectReply(chatId: ChatId, thread: ThreadState, seq: number, senderId: number): Mutation[] {
  const row = { chatId, topSeq: thread.topSeq, seq, senderId }
  return [threadUpsert(chatId, thread), { kind: 'upsert', table: threadMessages, row }]
}
