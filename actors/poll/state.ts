import {
  type ChatId,
  MAX_POLL_SECONDS,
  type MessageEdited,
  type MessageSent,
  MIN_POLL_SECONDS,
  type PollClosed,
  type PollFacts,
  type SendMessage,
  type UserId,
} from '@heliograph/schemas/avro'
import { type Mutation, polls, type RowOf } from '@heliograph/storage'
import { pollEnd, setAlarm } from '../schedule/alarms.ts'

/** Polls between their rows and what records carry. */

type PollRow = RowOf<typeof polls>

/** In the place of an option that was taken away: votes name options by their places, which stay. */
export const GONE = ''

/** What is known of a poll whose options are these from now on. */
export function factsAfter(row: PollRow, options: readonly Buffer[]): PollFacts {
  const before = row.options ?? []
  const wanted = options.map((option) => option.toString('hex'))
  const kept = before.map((option) => (wanted.includes(option) ? option : GONE))
  const added = wanted.filter((option) => !before.includes(option))
  return factsOf({ ...row, options: [...kept, ...added] })
}

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

/** The message as it is sent at `date`: its poll is open for as long from then on. */
export function startingPoll<C extends Pick<SendMessage, 'extra'>>(command: C, date: number): C {
  const { extra } = command
  const poll = extra?.poll ?? null
  if (extra === null || poll === null) return command
  const { closeDate } = poll
  if (closeDate < MIN_POLL_SECONDS || closeDate > MAX_POLL_SECONDS) return command
  return { ...command, extra: { ...extra, poll: { ...poll, closeDate: date + closeDate } } }
}

/** The row of a poll that is sent, and the alarm that closes it. */
export function projectPoll({ chatId, seq, senderId, extra, date }: MessageSent): Mutation[] {
  const poll = extra?.poll ?? null
  if (poll === null) return []
  const row = pollRow({ chatId, seq, authorId: senderId, poll }, 0)
  return poll.closeDate > date ? [row, setAlarm(pollEnd(chatId, seq, poll.closeDate))] : [row]
}

export function pollRow(
  { chatId, seq, authorId, poll }: Pick<PollClosed, 'seq' | 'poll'> & { chatId: ChatId; authorId: UserId },
  closedAt: number,
): Mutation {
  const options = poll.options.map((option) => option.toString('hex'))
  return { kind: 'upsert', table: polls, row: { ...poll, chatId, seq, authorId, options, closedAt } }
}

/** The row of an open poll whose options are others from now on. */
export function projectAmended({ chatId, seq, senderId, extra, amendedAt = 0 }: MessageEdited): Mutation[] {
  const poll = extra?.poll ?? null
  return poll === null || amendedAt === 0 ? [] : [pollRow({ chatId, seq, authorId: senderId, poll }, 0)]
}
