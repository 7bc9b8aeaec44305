import { type Handlers, works } from '../handler.ts'
import { getMessageReactionsList } from './list.ts'
import { deleteParticipantReaction, deleteParticipantReactions } from './moderate.ts'
import {
  clearRecentReactions,
  getDefaultTagReactions,
  getRecentReactions,
  getTopReactions,
  setDefaultReaction,
} from './recent.ts'
import { getMessagesReactions, sendReaction } from './send.ts'
import { getSavedReactionTags, updateSavedReactionTag } from './tags.ts'
import { getUnreadPollVotes, getUnreadReactions, readPollVotes, readReactions } from './unread.ts'

/** Of the namespace `messages`: what is said to messages by reactions. */
export const reactionsHandlers: Handlers = {
  'messages.sendReaction': works(sendReaction, 'send'),
  'messages.getMessagesReactions': works(getMessagesReactions),
  'messages.getMessageReactionsList': works(getMessageReactionsList),
  'messages.getUnreadReactions': works(getUnreadReactions),
  'messages.readReactions': works(readReactions),
  'messages.getUnreadPollVotes': works(getUnreadPollVotes),
  'messages.readPollVotes': works(readPollVotes),
  'messages.setDefaultReaction': works(setDefaultReaction),
  'messages.getRecentReactions': works(getRecentReactions),
  'messages.getTopReactions': works(getTopReactions),
  'messages.clearRecentReactions': works(clearRecentReactions),
  'messages.getDefaultTagReactions': works(getDefaultTagReactions),
  'messages.getSavedReactionTags': works(getSavedReactionTags),
  'messages.updateSavedReactionTag': works(updateSavedReactionTag),
  'messages.deleteParticipantReaction': works(deleteParticipantReaction),
  'messages.deleteParticipantReactions': works(deleteParticipantReactions),
}
