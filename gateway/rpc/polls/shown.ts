import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { Draft } from '../render/message.ts'
import { renderPeer } from '../render/peer.ts'
import type { PollState } from './state.ts'

export type PollMedia = Tl<'messageMediaPoll'>

/**
 * A poll as it is stored in its message, with how it stands. Right answers and their explanation are for those who have voted,
 * and for all once it is closed. Without a state, or with one that is for all alike, the result is `min`: clients keep what they
 * know of their own vote, and of what is right until all may know it.
 */
export function shownPoll(media: PollMedia, state: PollState | undefined, out: boolean): PollMedia {
  const closed = state === undefined ? media.poll.closed === true : state.closed
  const poll: Draft<Tl<'poll'>> = { ...media.poll }
  if (closed) poll.closed = true
  const closeDate = state?.poll.closeDate ?? 0
  if (poll.closePeriod !== undefined && closeDate > 0) poll.closeDate = closeDate
  if (out) poll.creator = true
  return { ...media, poll, results: resultsOf(media, state, closed) }
}

function resultsOf(media: PollMedia, state: PollState | undefined, closed: boolean): TlType<'PollResults'> {
  const own = state?.own
  const hasVoted = own !== undefined && own.length > 0
  const results: Draft<Tl<'pollResults'>> = { _: 'pollResults', totalVoters: state?.voters ?? 0 }
  if (own === undefined) results.min = true
  if (state === undefined) return results
  if (state.unread) results.hasUnreadVotes = true
  const isRevealed = hasVoted || closed
  if (isRevealed || own === undefined) results.results = answersOf(media, state, closed, isRevealed)
  if (state.poll.publicVoters === true && state.recent.length > 0)
    results.recentVoters = state.recent.map(renderPeer)
  const { solution, solutionEntities } = media.results
  if (isRevealed && solution !== undefined) {
    results.solution = solution
    results.solutionEntities = solutionEntities ?? []
  }
  return results
}

function answersOf(
  { poll, results }: PollMedia,
  { counts, own, poll: row }: PollState,
  closed: boolean,
  isRevealed: boolean,
): TlType<'PollAnswerVoters'>[] {
  const hidesVotes = row.hiddenResults === true && !closed
  const right = new Set(
    (results.results ?? []).filter(({ correct }) => correct === true).map(({ option }) => hex(option)),
  )
  const places = new Map((row.options ?? []).map((option, place) => [option, place]))
  return poll.answers.map((answer) => {
    const option = 'option' in answer ? answer.option : new Uint8Array()
    const place = places.get(hex(option)) ?? -1
    const voters: Draft<Tl<'pollAnswerVoters'>> = { _: 'pollAnswerVoters', option }
    if (!hidesVotes) Object.assign(voters, { voters: counts[place] ?? 0, recentVoters: [] })
    if (own?.includes(place) === true) voters.chosen = true
    if (isRevealed && right.has(hex(option))) voters.correct = true
    return voters
  })
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
