import {
  chatKindOf,
  type ReactionEvent,
  type ReactionsChanged,
  type ReactionsRead,
} from '@heliograph/schemas/avro'
import {
  type Mutation,
  messageReactions,
  messageReactors,
  messageTags,
  reactedMessages,
  reactorsByDate,
  unreadReactions,
} from '@heliograph/storage'
import { areTags } from './set.ts'
import { storedSaid } from './state.ts'

export function projectReaction(event: ReactionEvent): Mutation[] {
  return event.type === 'ReactionsRead' ? projectRead(event) : projectChanged(event)
}

function projectRead({ chatId, userId, kind, seqs }: ReactionsRead): Mutation[] {
  return seqs.map((seq) => ({ kind: 'delete', table: unreadReactions, key: { userId, kind, chatId, seq } }))
}

function projectChanged(event: ReactionsChanged): Mutation[] {
  const { chatId, seq, counts } = event
  const key = { chatId, seq }
  const all: Mutation =
    counts.length === 0
      ? { kind: 'delete', table: messageReactions, key }
      : { kind: 'upsert', table: messageReactions, row: { ...key, ...storedSaid(event) } }
  return [all, ...ownRows(event), ...tagRows(event), ...unreadRows(event)]
}

function ownRows({
  chatId,
  seq,
  userId,
  reactions,
  before,
  beforeDate,
  date,
  big,
}: ReactionsChanged): Mutation[] {
  const rows: Mutation[] = []
  const key = { chatId, seq, userId }
  if (before.length > 0)
    rows.push({ kind: 'delete', table: reactorsByDate, key: { ...key, date: beforeDate } })
  const isPublic = chatKindOf(chatId) !== 'private'
  if (reactions.length === 0) {
    rows.push({ kind: 'delete', table: messageReactors, key })
    if (isPublic) rows.push({ kind: 'delete', table: reactedMessages, key })
    return rows
  }
  const row = { ...key, reactions, date, big }
  rows.push({ kind: 'upsert', table: messageReactors, row }, { kind: 'upsert', table: reactorsByDate, row })
  if (isPublic) rows.push({ kind: 'upsert', table: reactedMessages, row: key })
  return rows
}

function tagRows({ chatId, seq, reactions, before }: ReactionsChanged): Mutation[] {
  if (!areTags(chatId)) return []
  const lost = before.filter((reaction) => !reactions.includes(reaction))
  return [
    ...lost.map(
      (reaction): Mutation => ({ kind: 'delete', table: messageTags, key: { chatId, reaction, seq } }),
    ),
    ...reactions.map(
      (reaction): Mutation => ({ kind: 'upsert', table: messageTags, row: { chatId, reaction, seq } }),
    ),
  ]
}

function unreadRows({ chatId, seq, authorId, unread }: ReactionsChanged): Mutation[] {
  const key = { userId: authorId, kind: 'reactions', chatId, seq }
  if (unread === 'set') return [{ kind: 'upsert', table: unreadReactions, row: key }]
  return unread === 'clear' ? [{ kind: 'delete', table: unreadReactions, key }] : []
}
