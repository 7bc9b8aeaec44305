import type { PollFacts } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'

/** A date that has passed, for a poll that is closed from the start: a copy of one that was. */
const LONG_AGO = 1

/** What the message actor must know of a poll as it is stored in its message; null for other media. */
export function pollFacts(media: TlType<'MessageMedia'>): PollFacts | null {
  if (media._ !== 'messageMediaPoll') return null
  const { poll, results } = media
  const options = poll.answers.map((answer) => Buffer.from('option' in answer ? answer.option : []))
  const right = (results.results ?? []).filter(({ correct }) => correct === true)
  return {
    pollId: poll.id,
    options,
    multiple: poll.multipleChoice === true,
    quiz: poll.quiz === true,
    publicVoters: poll.publicVoters === true,
    noRevote: poll.revotingDisabled === true,
    hiddenResults: poll.hideResultsUntilClose === true,
    correct: right.map(({ option }) => options.findIndex((each) => each.equals(option))),
    // A period begins when the message is sent, which a scheduled one is later.
    closeDate: poll.closed === true ? LONG_AGO : (poll.closePeriod ?? poll.closeDate ?? 0),
  }
}
