import type { ChatId, MessageSent, PollClosed, PollFacts, UserId } from '@heliograph/schemas/avro'
import { type Mutation, polls, type RowOf } from '@heliograph/storage'

/** Polls between their rows and what records carry. */

type PollRow = RowOf<typeof polls>

/** Whether nobody may vote any more at `date` (Unix seconds). */
export function isClosed(
  { closedAt, closeDate }: Pick<PollRow, 'closedAt' | 'closeDate'>,
  date: number,
): boolean {
  if ((closedAt ?? 0) > 0) return true
  return (closeDate ?? 0) > 0 && (closeDate ?? 0) <= date
}

export function factsOf(row: PollRow): PollFacts {
  return {
    pollId: row.pollId ?? 0n,
    options: (row.options ?? []).map((option) => Buffer.from(option, 'hex')),
    multiple: row.multiple === true,
    quiz: row.quiz === true,
    publicVoters: row.publicVoters === true,
    noRevote: row.noRevote === true,
    hiddenResults: row.hiddenResults === true,
    correct: [...(row.correct ?? [])],
    closeDate: row.closeDate ?? 0,
  }
}

/** The row of a poll that is sent. */
export function projectPoll({ chatId, seq, senderId, extra }: MessageSent): Mutation[] {
  const poll = extra?.poll ?? null
  return poll === null ? [] : [pollRow({ chatId, seq, authorId: senderId, poll }, 0)]
}

export function pollRow(
  { chatId, seq, authorId, poll }: Pick<PollClosed, 'seq' | 'poll'> & { chatId: ChatId; authorId: UserId },
  closedAt: number,
): Mutation {
  const options = poll.options.map((option) => option.toString('hex'))
  return { kind: 'upsert', table: polls, row: { ...poll, chatId, seq, authorId, options, closedAt } }
}
