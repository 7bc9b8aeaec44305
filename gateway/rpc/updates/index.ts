import { RpcError } from '@heliograph/schemas/tl'
import { empty, type Handlers, works } from '../handler.ts'
import { getDifference } from './difference.ts'
import { getState } from './state.ts'

/** The namespace `updates`. */
export const updatesHandlers: Handlers = {
  'updates.getState': works(getState),
  'updates.getDifference': works(getDifference),
  'updates.getChannelDifference': empty(() => {
    throw new RpcError(400, 'CHANNEL_INVALID')
  }),
}
