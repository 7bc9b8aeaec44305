import { type Handlers, works } from '../handler.ts'
import { deleteScheduledMessages, sendScheduledMessages } from './fire.ts'
import { getScheduledHistory, getScheduledMessages } from './list.ts'

/** Scheduled messages; sending them is `messages.sendMessage` and its like, with a date. */
export const scheduledHandlers: Handlers = {
  'messages.getScheduledHistory': works(getScheduledHistory),
  'messages.getScheduledMessages': works(getScheduledMessages),
  'messages.sendScheduledMessages': works(sendScheduledMessages, 'send', ({ id }) => id.length),
  'messages.deleteScheduledMessages': works(deleteScheduledMessages),
}
