import { type Handlers, works } from '../handler.ts'
import { addPollAnswer, deletePollAnswer } from './answers.ts'
import { getPollResults, sendVote } from './vote.ts'
import { getPollVotes } from './votes.ts'

/** Of the namespace `messages`: polls. They are sent as media, and closed by an edit. */
export const pollsHandlers: Handlers = {
  'messages.sendVote': works(sendVote, 'send'),
  'messages.addPollAnswer': works(addPollAnswer, 'send'),
  'messages.deletePollAnswer': works(deletePollAnswer, 'send'),
  'messages.getPollResults': works(getPollResults),
  'messages.getPollVotes': works(getPollVotes),
}
