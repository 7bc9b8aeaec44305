import {
  chatKindOf,
  MAX_RECENT_VOTERS,
  type PollVoted,
  type UserId,
  type VotePoll,
} from '@heliograph/schemas/avro'
import { pollResults, polls, pollVotes, type RowOf, type RowRef } from '@heliograph/storage'
import { authorOf, type Place, placeOf, placeRefs } from '../reaction/place.ts'
import type { At, Decision, Rejection, Rows } from '../runtime/decider.ts'
import { GONE, isClosed } from './state.ts'

const messageIdInvalid: Rejection = { code: 400, message: 'MESSAGE_ID_INVALID' }
const pollClosed: Rejection = { code: 400, message: 'MESSAGE_POLL_CLOSED' }
const optionInvalid: Rejection = { code: 400, message: 'OPTION_INVALID' }
const optionsTooMuch: Rejection = { code: 400, message: 'OPTIONS_TOO_MUCH' }
const revoteNotAllowed: Rejection = { code: 400, message: 'REVOTE_NOT_ALLOWED' }

const NO_RIGHT = 0

export function needsOfVote(command: VotePoll): RowRef[] {
  const { chatId, seq, userId } = command
  return [
    ...placeRefs(command),
    { table: polls, key: { chatId, seq } },
    { table: pollResults, key: { chatId, seq } },
    { table: pollVotes, key: { chatId, seq, userId } },
  ]
}

/**
 * Votes, votes otherwise, or takes the vote back; no event where that changes nothing. Rejects with MESSAGE_ID_INVALID (no
 * poll), MESSAGE_POLL_CLOSED, OPTION_INVALID, OPTIONS_TOO_MUCH, REVOTE_NOT_ALLOWED (a quiz, or a poll in which votes stand), and
 * as `placeOf`.
 */
export function decideVote(rows: Rows, command: VotePoll, at: At): Decision<PollVoted> {
  const { chatId, seq, userId } = command
  const place = placeOf(rows, command, at, NO_RIGHT)
  if ('rejected' in place) return place
  const poll = rows.get(polls, { chatId, seq })
  if (poll === undefined) return { rejected: messageIdInvalid }
  if (isClosed(poll, at.date)) return { rejected: pollClosed }
  const options = chosen(poll, command)
  if ('rejected' in options) return options
  const vote = rows.get(pollVotes, { chatId, seq, userId })
  const before = vote?.options ?? []
  const stands = poll.quiz === true || poll.noRevote === true
  const lapsed = before.every((place) => poll.options?.[place] === GONE)
  if (!lapsed && stands) return { rejected: revoteNotAllowed }
  if (before.length === options.length && before.every((each) => options.includes(each)))
    return { events: [] }
  const results = rows.get(pollResults, { chatId, seq })
  return {
    events: [voted(command, place, { poll, results, before, beforeDate: vote?.date ?? 0, options }, at)],
  }
}

/** The places of the options that are voted for, ascending. */
function chosen(
  { options, multiple }: RowOf<typeof polls>,
  command: VotePoll,
): number[] | { readonly rejected: Rejection } {
  const wanted = new Set(command.options.map((option) => option.toString('hex')))
  if (wanted.size > 1 && multiple !== true) return { rejected: optionsTooMuch }
  const places = [...wanted].map((option) => (option === GONE ? -1 : (options?.indexOf(option) ?? -1)))
  return places.includes(-1) ? { rejected: optionInvalid } : places.sort((a, b) => a - b)
}

interface Ballot {
  readonly poll: RowOf<typeof polls>
  readonly results: RowOf<typeof pollResults> | undefined
  readonly before: readonly number[]
  readonly beforeDate: number
  readonly options: number[]
}

function voted(
  { chatId, seq, userId }: VotePoll,
  place: Place,
  { poll, results, before, beforeDate, options }: Ballot,
  at: At,
): PollVoted {
  const counts = (poll.options ?? []).map(
    (_, i) => (results?.counts?.[i] ?? 0) - (before.includes(i) ? 1 : 0) + (options.includes(i) ? 1 : 0),
  )
  const voters = (results?.voters ?? 0) - (before.length > 0 ? 1 : 0) + (options.length > 0 ? 1 : 0)
  const isPublic = poll.publicVoters === true
  const others = ((results?.recent ?? []) as readonly UserId[]).filter((each) => each !== userId)
  const recent = options.length > 0 ? [userId, ...others] : others
  const authorId = authorOf(place)
  return {
    type: 'PollVoted',
    chatId,
    seq,
    userId,
    date: at.date,
    options,
    before: [...before],
    beforeDate,
    counts,
    voters,
    recent: isPublic ? recent.slice(0, MAX_RECENT_VOTERS) : [],
    authorId,
    unread: isPublic && options.length > 0 && authorId !== 0 && authorId !== userId,
    told: chatKindOf(chatId) === 'private' ? [...place.message.keptBy] : [],
  }
}
