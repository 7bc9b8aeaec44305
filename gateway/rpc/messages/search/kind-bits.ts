import type { MessageKind } from '../kinds.ts'

/** In the order of their bits. */
const KINDS: readonly MessageKind[] = [
  'photo',
  'video',
  'roundVideo',
  'gif',
  'sticker',
  'voice',
  'music',
  'document',
  'url',
  'webPage',
  'geo',
  'liveGeo',
  'contact',
  'poll',
  'todo',
  'dice',
  'game',
  'invoice',
  'story',
  'viaBot',
]

/** Kinds as a set of bits; unknown ones are left out. */
export function kindBits(kinds: readonly string[]): number {
  let bits = 0
  for (const kind of kinds) {
    const bit = KINDS.indexOf(kind as MessageKind)
    if (bit >= 0) bits |= 1 << bit
  }
  return bits
}
