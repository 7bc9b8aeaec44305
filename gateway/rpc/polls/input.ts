import {
  chatIdOf,
  isChannelPeer,
  MAX_POLL_SECONDS,
  MIN_POLL_SECONDS,
  type PeerId,
} from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { mentionResolver } from '../messages/text/compose.ts'
import { parseEntities } from '../messages/text/parse.ts'
import type { Draft } from '../render/message.ts'
import { renderEntities } from '../render/message-entity.ts'
import { renderPeer } from '../render/peer.ts'
import type { PollMedia } from './shown.ts'

export const MAX_QUESTION_LENGTH = 300
export const MAX_ANSWER_LENGTH = 100
export const MAX_SOLUTION_LENGTH = 200
export const MIN_ANSWERS = 2
export const MAX_ANSWERS = 12
const MAX_OPTION_BYTES = 100
const POLL_ID_BYTES = 8
const ADDED_OPTION_BYTES = 8

type InputPoll = Tl<'inputMediaPoll'>

/**
 * A poll as a client gives it, as it is stored in its message: under a number of the server's, with right answers and explanation
 * among its results.
 * @throws RpcError 400 POLL_QUESTION_INVALID, POLL_ANSWERS_INVALID, POLL_ANSWER_INVALID, POLL_OPTION_INVALID,
 *   POLL_OPTION_DUPLICATE, QUIZ_…, MEDIA_INVALID (pictures within a poll, a time that cannot be, open answers in an anonymous poll
 *   or a quiz)
 */
export function inputPoll(context: CallContext, input: InputPoll): PollMedia {
  if (input.attachedMedia !== undefined || input.solutionMedia !== undefined)
    throw new RpcError(400, 'MEDIA_INVALID')
  const { poll } = input
  // Everybody sees who put an answer to a poll, and a quiz has its answers.
  if (poll.openAnswers === true && (poll.publicVoters !== true || poll.quiz === true))
    throw new RpcError(400, 'MEDIA_INVALID')
  const answers = answersOf(context, poll.answers)
  const stored: Draft<Tl<'poll'>> = {
    _: 'poll',
    id: newPollId(context),
    question: checkedText(context, poll.question, MAX_QUESTION_LENGTH, 'POLL_QUESTION_INVALID'),
    answers,
    hash: 0n,
    ...timesOf(context, poll),
  }
  for (const flag of KEPT_FLAGS) if (poll[flag] === true) stored[flag] = true
  return { _: 'messageMediaPoll', poll: stored, results: resultsOf(context, input, answers) }
}

const KEPT_FLAGS = [
  'publicVoters',
  'multipleChoice',
  'quiz',
  'openAnswers',
  'revotingDisabled',
  'shuffleAnswers',
  'hideResultsUntilClose',
] as const

/** A number for a new poll. */
export function newPollId({ services }: Pick<CallContext, 'services'>): bigint {
  return Buffer.from(services.random(POLL_ID_BYTES)).readBigUInt64LE() >> 1n || 1n
}

function checkedText(
  context: CallContext,
  { text, entities }: TlType<'TextWithEntities'>,
  maxLength: number,
  error: string,
): TlType<'TextWithEntities'> {
  const shown = text.trim()
  if (shown === '' || shown.length > maxLength) throw new RpcError(400, error)
  // Only custom emoji are shown there; where spaces went, places do not hold any more.
  const given = shown === text ? entities.filter(({ _ }) => _ === 'messageEntityCustomEmoji') : []
  const parsed = parseEntities(shown, given, mentionResolver(context))
  return { _: 'textWithEntities', text: shown, entities: renderEntities(parsed) }
}

type Answer = Tl<'pollAnswer'>

function answersOf(context: CallContext, given: readonly TlType<'PollAnswer'>[]): Answer[] {
  if (given.length < MIN_ANSWERS || given.length > MAX_ANSWERS)
    throw new RpcError(400, 'POLL_ANSWERS_INVALID')
  const seen = new Set<string>()
  return given.map((answer, place) => {
    const text = answerText(context, answer)
    const option = answer._ === 'pollAnswer' ? answer.option : Buffer.from(String(place))
    if (option.length === 0 || option.length > MAX_OPTION_BYTES)
      throw new RpcError(400, 'POLL_OPTION_INVALID')
    const name = Buffer.from(option).toString('hex')
    if (seen.has(name)) throw new RpcError(400, 'POLL_OPTION_DUPLICATE')
    seen.add(name)
    return { _: 'pollAnswer', text, option }
  })
}

function answerText(context: CallContext, { media, text }: TlType<'PollAnswer'>) {
  if (media !== undefined) throw new RpcError(400, 'MEDIA_INVALID')
  return checkedText(context, text, MAX_ANSWER_LENGTH, 'POLL_ANSWER_INVALID')
}

/**
 * An answer that somebody puts to a poll that is open to it.
 * @throws RpcError 400 POLL_ANSWERS_INVALID (too many), POLL_ANSWER_INVALID, POLL_OPTION_DUPLICATE (the same words), MEDIA_INVALID
 */
export function addedAnswer(
  context: CallContext,
  before: readonly TlType<'PollAnswer'>[],
  given: TlType<'PollAnswer'>,
): Answer {
  if (before.length >= MAX_ANSWERS) throw new RpcError(400, 'POLL_ANSWERS_INVALID')
  const text = answerText(context, given)
  if (before.some((answer) => answer.text.text === text.text))
    throw new RpcError(400, 'POLL_OPTION_DUPLICATE')
  const option = context.services.random(ADDED_OPTION_BYTES)
  return { _: 'pollAnswer', text, option, addedBy: renderPeer(context.user), date: context.now }
}

function timesOf({ now }: CallContext, { closePeriod, closeDate }: TlType<'Poll'>) {
  const seconds = closePeriod ?? (closeDate === undefined ? undefined : closeDate - now)
  if (seconds === undefined) return {}
  if (seconds < MIN_POLL_SECONDS || seconds > MAX_POLL_SECONDS) throw new RpcError(400, 'MEDIA_INVALID')
  return closePeriod === undefined ? { closeDate: now + seconds } : { closePeriod, closeDate: now + seconds }
}

function resultsOf(context: CallContext, input: InputPoll, answers: readonly Answer[]): Tl<'pollResults'> {
  const right = rightAnswers(input, answers)
  const results: Draft<Tl<'pollResults'>> = { _: 'pollResults' }
  if (right.length > 0)
    results.results = right.map((place) => ({
      _: 'pollAnswerVoters',
      correct: true,
      option: answers[place]!.option,
      voters: 0,
      recentVoters: [],
    }))
  const { solution, solutionEntities } = input
  if (solution === undefined || solution === '') return results
  if (solution.length > MAX_SOLUTION_LENGTH || input.poll.quiz !== true)
    throw new RpcError(400, 'MEDIA_INVALID')
  const entities = parseEntities(solution, solutionEntities, mentionResolver(context))
  return { ...results, solution, solutionEntities: renderEntities(entities) }
}

/** The places of right answers; none where it is no quiz. */
function rightAnswers({ poll, correctAnswers = [] }: InputPoll, answers: readonly Answer[]): number[] {
  if (poll.quiz !== true) {
    if (correctAnswers.length > 0) throw new RpcError(400, 'QUIZ_CORRECT_ANSWERS_TOO_MUCH')
    return []
  }
  if (correctAnswers.length === 0) throw new RpcError(400, 'QUIZ_CORRECT_ANSWERS_EMPTY')
  if (correctAnswers.length > 1 && poll.multipleChoice !== true)
    throw new RpcError(400, 'QUIZ_CORRECT_ANSWERS_TOO_MUCH')
  if (correctAnswers.some((place) => answers[place] === undefined))
    throw new RpcError(400, 'QUIZ_CORRECT_ANSWER_INVALID')
  return [...new Set(correctAnswers)]
}

/** @throws RpcError 400 BROADCAST_PUBLIC_VOTERS_FORBIDDEN: in a channel nobody is seen voting */
export async function requireQuietPoll(
  { services, user }: CallContext,
  peerId: PeerId,
  media: TlType<'MessageMedia'> | undefined,
): Promise<void> {
  if (media?._ !== 'messageMediaPoll' || media.poll.publicVoters !== true || !isChannelPeer(peerId)) return
  const facts = await services.chats.find(chatIdOf(user, peerId))
  if (facts?.kind === 'broadcast') throw new RpcError(400, 'BROADCAST_PUBLIC_VOTERS_FORBIDDEN')
}
