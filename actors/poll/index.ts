import type { PollClosed, PollCommand, PollEvent, PollVoted, RecordHeader } from '@heliograph/schemas/avro'
import {
  type Mutation,
  pollResults,
  pollVotes,
  pollVotesByDate,
  type RowRef,
  unreadReactions,
} from '@heliograph/storage'
import { answer } from '../answer.ts'
import { publish } from '../message/channel.ts'
import { toldOf } from '../reaction/react.ts'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { decideClose, needsOfClose } from './close.ts'
import { pollRow } from './state.ts'
import { decideViews, needsOfViews, projectViews, reactToViews } from './views.ts'
import { decideVote, needsOfVote } from './vote.ts'

/** Polls, and counters of posts, as part of the message actor. */

export function needsOfPoll(command: PollCommand): RowRef[] {
  switch (command.type) {
    case 'VotePoll':
      return needsOfVote(command)
    case 'ClosePoll':
      return needsOfClose(command)
    case 'CountViews':
      return needsOfViews(command)
  }
}

export function decidePoll(rows: Rows, command: PollCommand, at: At): Decision<PollEvent> {
  switch (command.type) {
    case 'VotePoll':
      return decideVote(rows, command, at)
    case 'ClosePoll':
      return decideClose(rows, command, at)
    case 'CountViews':
      return decideViews(rows, command, at)
  }
}

export function projectPollEvent(event: PollEvent): Mutation[] {
  switch (event.type) {
    case 'PollVoted':
      return projectVoted(event)
    case 'PollClosed':
      return [pollRow(event, event.date)]
    case 'ViewsCounted':
      return projectViews(event)
  }
}

function projectVoted(event: PollVoted): Mutation[] {
  const { chatId, seq, counts, voters, recent } = event
  const rows: Mutation[] = [
    { kind: 'upsert', table: pollResults, row: { chatId, seq, counts, voters, recent } },
    ...voteRows(event),
  ]
  if (event.unread) {
    rows.push({
      kind: 'upsert',
      table: unreadReactions,
      row: { userId: event.authorId, kind: 'votes', chatId, seq },
    })
  }
  return rows
}

function voteRows({ chatId, seq, userId, options, before, beforeDate, date }: PollVoted): Mutation[] {
  const key = { chatId, seq, userId }
  const rows: Mutation[] = []
  if (before.length > 0)
    rows.push({ kind: 'delete', table: pollVotesByDate, key: { ...key, date: beforeDate } })
  if (options.length === 0) return [...rows, { kind: 'delete', table: pollVotes, key }]
  const row = { ...key, options, date }
  return [...rows, { kind: 'upsert', table: pollVotes, row }, { kind: 'upsert', table: pollVotesByDate, row }]
}

export function reactToPoll(event: PollEvent, header: RecordHeader): Reaction[] {
  const answered = header.reply === null ? [] : [answer(header.reply)]
  if (event.type === 'ViewsCounted') return [...answered, ...reactToViews(event)]
  return [...answered, ...told(event, header)]
}

/** Everybody in a group or channel by one publication, members of a private chat each for itself. */
function told(event: PollVoted | PollClosed, { reply }: RecordHeader): Reaction[] {
  const { chatId, seq, date } = event
  const senderId = event.type === 'PollVoted' ? event.userId : event.byUserId
  const userIds = event.type === 'PollVoted' && event.unread ? [event.authorId] : []
  const body = { seqs: [seq], senderId, userIds }
  return toldOf(chatId, event.told, publish({ chatId, kind: 'poll', date }, body, reply?.session))
}
