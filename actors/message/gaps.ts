import { type ChatId, GAP_BLOCK_SEQS, type MessagesDeleted } from '@heliograph/schemas/avro'
import { type Mutation, messageGaps, type RowRef } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'

/** How many messages of a channel are deleted, by blocks of seqs: what counts of its history leave out. */

type Gaps = NonNullable<MessagesDeleted['gaps']>

const blockOf = (seq: number): number => Math.floor(seq / GAP_BLOCK_SEQS)

export function gapRefs(chatId: ChatId, seqs: readonly number[]): RowRef[] {
  const blocks = new Set(seqs.map(blockOf))
  return [...blocks].map((block) => ({ table: messageGaps, key: { chatId, block } }))
}

/** The gaps once the messages with these seqs are gone as well. */
export function gapsAfter(rows: Rows, chatId: ChatId, gone: readonly number[]): Gaps {
  const added = new Map<number, number>()
  for (const seq of gone) added.set(blockOf(seq), (added.get(blockOf(seq)) ?? 0) + 1)
  return [...added].map(([block, count]) => ({
    block,
    deleted: (rows.get(messageGaps, { chatId, block })?.deleted ?? 0) + count,
  }))
}

export function projectGaps(chatId: ChatId, gaps: Gaps): Mutation[] {
  return gaps.map((gap) => ({ kind: 'upsert', table: messageGaps, row: { ...gap, chatId } }))
}
