import type { ChatId, MessagesDeleted, RecountThread, ThreadRecounted } from '@heliograph/schemas/avro'
import { type Mutation, threadMessages, threads } from '@heliograph/storage'
import type { Consequence, Decision, Rows } from '../runtime/decider.ts'
import { threadOf, threadRefs } from './state.ts'

type LostReplies = NonNullable<MessagesDeleted['replies']>

/** Deleted messages are out of their threads at once. */
export function projectLost(chatId: ChatId, replies: LostReplies): Mutation[] {
  return replies.map(({ seq, topSeq }) => ({
    kind: 'delete',
    table: threadMessages,
    key: { chatId, topSeq, seq },
  }))
}

/**
 * Which threads a deletion takes from is known only when its messages have been read: the counts of those threads are for
 * commands that name them.
 */
export function recounts(chatId: ChatId, replies: LostReplies): Consequence[] {
  const lost = new Map<number, number>()
  for (const { topSeq } of replies) lost.set(topSeq, (lost.get(topSeq) ?? 0) + 1)
  return [...lost].map(([topSeq, count]) => {
    const record: RecountThread = {
      type: 'RecountThread',
      chatId,
      topSeq: topSeq as RecountThread['topSeq'],
      lost: count,
    }
    return { kind: 'record', topic: 'chat.commands', key: chatId, record, reply: null }
  })
}

export const needsOfRecount = ({ chatId, topSeq }: RecountThread) => threadRefs(chatId, topSeq)

export function decideRecount(rows: Rows, command: RecountThread): Decision<ThreadRecounted> {
  const { chatId, topSeq, lost } = command
  if (rows.get(threads, { chatId, topSeq }) === undefined) return { events: [] }
  const thread = threadOf(rows, chatId, topSeq)
  const replies = Math.max(0, thread.replies - lost)
  return { events: [{ type: 'ThreadRecounted', chatId, thread: { ...thread, replies } }] }
}
