import type { TableDeclaration } from '../table.ts'

/**
 * What a search must know of a message without opening it: one small row for each message that has words or is of some kind, so
 * that whoever searches reads these in place of messages. Without `words` the message has to be opened to know.
 */
export const searchWords = {
  name: 'search_words',
  columns: {
    chatId: 'text',
    seq: 'int',
    /** Keyed fingerprints of words, packed (`gateway/rpc/search-index`). */
    words: 'blob',
    /** `kindBits` */
    kinds: 'int',
    /** The row came with an edit; the message itself may be older than this table. */
    edited: 'boolean',
  },
  partitionKey: ['chatId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration

/** In the order of their bits; kinds may be added at the end. */
const KINDS: readonly string[] = [
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

/** The kinds of a message (`MessageExtra.kinds`) as a set of bits; unknown ones are left out. */
export function kindBits(kinds: readonly string[]): number {
  let bits = 0
  for (const kind of kinds) {
    const bit = KINDS.indexOf(kind)
    if (bit >= 0) bits |= 1 << bit
  }
  return bits
}
