import { RpcError } from '@heliograph/schemas/tl'
import { empty, type Handlers, works } from '../handler.ts'
import { inputPeerId } from '../peers.ts'
import { getBroadcastStats } from './broadcast.ts'
import { getMessagePublicForwards } from './forwards.ts'
import { loadAsyncGraph } from './load-graph.ts'
import { getMegagroupStats } from './megagroup.ts'
import { getMessageStats, getPollStats } from './message.ts'

/** Each looks at as much as several ordinary calls do. */
const COST = 10

/** The namespace `stats`; nobody tells stories here. */
export const statsHandlers: Handlers = {
  'stats.getBroadcastStats': works(getBroadcastStats, 'default', () => COST),
  'stats.getMegagroupStats': works(getMegagroupStats, 'default', () => COST),
  'stats.getMessageStats': works(getMessageStats, 'default', () => COST),
  'stats.getPollStats': works(getPollStats, 'default', () => COST),
  'stats.getMessagePublicForwards': works(getMessagePublicForwards, 'default', () => COST),
  'stats.loadAsyncGraph': works(loadAsyncGraph, 'default', () => COST),
  'stats.getStoryStats': empty((call, context) => {
    inputPeerId(call.peer, context)
    throw new RpcError(400, 'STORIES_NEVER_CREATED')
  }),
}
