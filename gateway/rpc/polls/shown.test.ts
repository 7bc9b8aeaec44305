import { describe, expect, it } from 'vitest'
import { type PollMedia, shownPoll } from './shown.ts'
import type { PollState } from './state.ts'

const options = [Buffer.from('a'), Buffer.from('b')]
const media: PollMedia = {
  _: 'messageMediaPoll',
  poll: {
    _: 'poll',
    id: 1n,
    quiz: true,
    question: { _: 'textWithEntities', text: 'q', entities: [] },
    answers: options.map((option) => ({
      _: 'pollAnswer',
      text: { _: 'textWithEntities', text: 'x', entities: [] },
      option,
    })),
    hash: 0n,
  },
  results: {
    _: 'pollResults',
    results: [{ _: 'pollAnswerVoters', correct: true, option: options[1]!, voters: 0, recentVoters: [] }],
    solution: 'because',
  },
}

function state(more: Partial<PollState> = {}): PollState {
  const poll = { publicVoters: false, hiddenResults: false, options: ['61', '62'] } as const as never
  return { poll, counts: [3, 4], voters: 7, recent: [], own: [], unread: false, closed: false, ...more }
}

describe('a poll as it is shown', () => {
  it('tells nothing but the number of voters to those who have not voted', () => {
    expect(shownPoll(media, state(), false).results).toEqual({ _: 'pollResults', totalVoters: 7 })
  })

  it('tells those who have voted what is right, and why', () => {
    expect(shownPoll(media, state({ own: [0] }), false).results).toMatchObject({
      results: [
        { voters: 3, chosen: true },
        { voters: 4, correct: true },
      ],
      solution: 'because',
    })
  })

  it('tells everybody once it is closed', () => {
    const { poll, results } = shownPoll(media, state({ closed: true }), false)
    expect(poll.closed).toBe(true)
    expect(results).toMatchObject({ results: [{ voters: 3 }, { correct: true }], solution: 'because' })
  })

  it('keeps what is right from what is the same for all, until it is closed', () => {
    const { results } = shownPoll(media, state({ own: undefined }), false)
    expect(results).toMatchObject({ min: true, results: [{ voters: 3 }, { voters: 4 }] })
    expect(results.solution).toBeUndefined()
    expect(results.results?.some(({ correct }) => correct)).toBe(false)
    const over = shownPoll(media, state({ own: undefined, closed: true }), false)
    expect(over.results).toMatchObject({ min: true, results: [{}, { correct: true }], solution: 'because' })
    expect(shownPoll(media, undefined, false).results).toEqual({
      _: 'pollResults',
      min: true,
      totalVoters: 0,
    })
  })

  it('hides votes until it is closed, where it was asked so', () => {
    const poll = { hiddenResults: true, options: ['61', '62'] } as unknown as PollState['poll']
    const [first] = shownPoll(media, state({ poll, own: [0] }), false).results.results ?? []
    expect(first).toEqual({ _: 'pollAnswerVoters', option: options[0], chosen: true })
    const [shown] = shownPoll(media, state({ poll, own: [0], closed: true }), false).results.results ?? []
    expect(shown).toMatchObject({ voters: 3 })
  })
})
