import { type Handlers, works } from '../handler.ts'
import { getRecentLocations } from './recent.ts'

/** Live locations; sending and moving them is `messages.sendMedia` and `messages.editMessage`. */
export const locationsHandlers: Handlers = {
  'messages.getRecentLocations': works(getRecentLocations),
}
