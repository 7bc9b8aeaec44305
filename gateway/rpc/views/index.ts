import { type Handlers, works } from '../handler.ts'
import { getMessageReadParticipants } from './participants.ts'
import { getMessagesViews } from './views.ts'

/** Of the namespace `messages`: who has seen what. */
export const viewsHandlers: Handlers = {
  'messages.getMessagesViews': works(getMessagesViews),
  'messages.getMessageReadParticipants': works(getMessageReadParticipants),
}
