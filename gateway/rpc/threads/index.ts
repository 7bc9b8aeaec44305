import { type Handlers, works } from '../handler.ts'
import { getDiscussionMessage, getReplies, readDiscussion } from './discussion.ts'

/** Threads of supergroups, and comments. */
export const threadsHandlers: Handlers = {
  'messages.getReplies': works(getReplies),
  'messages.getDiscussionMessage': works(getDiscussionMessage),
  'messages.readDiscussion': works(readDiscussion),
}
