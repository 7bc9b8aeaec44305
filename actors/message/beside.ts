import {
  type ChatId,
  chatKindOf,
  type DeletedMessage,
  type MessagesDeleted,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  type Mutation,
  messageCounters,
  messageReactions,
  messages,
  pollResults,
  polls,
  type RowRef,
  unreadReactions,
} from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'

/** What stands beside the row of a message, and goes with it: reactions, a poll, counters of a post. */

type Beside = NonNullable<MessagesDeleted['beside']>

export function besideRefs(chatId: ChatId, seq: number): RowRef[] {
  const key = { chatId, seq }
  const refs: RowRef[] = [{ table: messageReactions, key }]
  if (chatKindOf(chatId) === 'channel') refs.push({ table: messageCounters, key })
  return refs
}

/** Of messages that nobody keeps any more, those that have something beside. */
export function besideOf(rows: Rows, chatId: ChatId, gone: readonly DeletedMessage[]): Beside {
  return gone.flatMap(({ seq, keptBy }) => {
    if (keptBy.length > 0) return []
    const key = { chatId, seq }
    const row = rows.get(messages, key)
    const reactions = rows.get(messageReactions, key) !== undefined
    const poll = row?.kinds?.includes('poll') === true
    const counters = chatKindOf(chatId) === 'channel' && rows.get(messageCounters, key) !== undefined
    const authorId = (row?.senderId ?? 0) as UserId
    return reactions || poll || counters ? [{ seq, authorId, reactions, poll, counters }] : []
  })
}

export function projectBeside(chatId: ChatId, beside: Beside): Mutation[] {
  return beside.flatMap(({ seq, authorId, reactions, poll, counters }) => {
    const tables = [
      ...(reactions ? [messageReactions] : []),
      ...(poll ? [polls, pollResults] : []),
      ...(counters ? [messageCounters] : []),
    ]
    const unread = [...(reactions ? ['reactions'] : []), ...(poll ? ['votes'] : [])]
    return [
      ...tables.map((table): Mutation => ({ kind: 'delete', table, key: { chatId, seq } })),
      ...unread.map(
        (kind): Mutation => ({
          kind: 'delete',
          table: unreadReactions,
          key: { userId: authorId, kind, chatId, seq },
        }),
      ),
    ]
  })
}
