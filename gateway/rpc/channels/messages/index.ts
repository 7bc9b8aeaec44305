import { type Handlers, works } from '../../handler.ts'
import { deleteHistory, deleteMessages } from './delete.ts'
import { getMessages } from './get-messages.ts'
import { readHistory, readMessageContents } from './read.ts'

/** Of the namespace `channels`: what is about the messages of a channel. */
export const channelMessagesHandlers: Handlers = {
  'channels.getMessages': works(getMessages),
  'channels.deleteMessages': works(deleteMessages),
  'channels.deleteHistory': works(deleteHistory),
  'channels.readHistory': works(readHistory),
  'channels.readMessageContents': works(readMessageContents),
}
