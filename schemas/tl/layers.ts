import { layers } from './generated/codec.js'

/** The layers whose constructors are known, oldest first. */
export const LAYERS: readonly number[] = layers
export const NEWEST_LAYER = 229
const OLDEST_LAYER = 158

/** The layer to answer a client in that names `named`: the highest known one up to it, or else the lowest. */
export function servedLayer(named: number): number {
  return LAYERS.findLast((layer) => layer <= named) ?? OLDEST_LAYER
}
