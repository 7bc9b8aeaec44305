import { type Handlers, works } from '../handler.ts'
import { getChannelDifference } from './channel-difference.ts'
import { getDifference } from './difference.ts'
import { getState } from './state.ts'

/** The namespace `updates`. */
export const updatesHandlers: Handlers = {
  'updates.getState': works(getState),
  'updates.getDifference': works(getDifference),
  'updates.getChannelDifference': works(getChannelDifference),
}
