import {
  type CountViews,
  MAX_COUNTED_POSTS,
  type MessageSeq,
  type ViewsCounted,
} from '@heliograph/schemas/avro'
import { type Mutation, messageCounters, messages, type RowRef } from '@heliograph/storage'
import { publish } from '../message/channel.ts'
import type { At, Decision, Reaction, Rejection, Rows } from '../runtime/decider.ts'

const limitInvalid: Rejection = { code: 400, message: 'LIMIT_INVALID' }

export function needsOfViews({ chatId, posts }: CountViews): RowRef[] {
  if (posts.length > MAX_COUNTED_POSTS) return []
  return posts.flatMap(({ seq }) => [
    { table: messages, key: { chatId, seq } },
    { table: messageCounters, key: { chatId, seq } },
  ])
}

/** Adds to the counters of posts that are still there. Rejects with LIMIT_INVALID. */
export function decideViews(rows: Rows, { chatId, posts }: CountViews, at: At): Decision<ViewsCounted> {
  if (posts.length > MAX_COUNTED_POSTS) return { rejected: limitInvalid }
  const totals = posts.flatMap(({ seq, views, forwards }) => {
    if (rows.get(messages, { chatId, seq }) === undefined) return []
    const before = rows.get(messageCounters, { chatId, seq })
    return [{ seq, views: (before?.views ?? 0) + views, forwards: (before?.forwards ?? 0) + forwards }]
  })
  if (totals.length === 0) return { events: [] }
  return { events: [{ type: 'ViewsCounted', chatId, date: at.date, posts: totals }] }
}

export function projectViews({ chatId, posts }: ViewsCounted): Mutation[] {
  return posts.map(({ seq, views, forwards }) => ({
    kind: 'upsert',
    table: messageCounters,
    row: { chatId, seq, views, forwards },
  }))
}

export function reactToViews({ chatId, date, posts }: ViewsCounted): Reaction[] {
  const seqs = posts.map(({ seq }) => seq as MessageSeq)
  return [publish({ chatId, kind: 'views', date }, { seqs })]
}
