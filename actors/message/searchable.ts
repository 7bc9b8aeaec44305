import type { MessageEdited, MessageSent } from '@heliograph/schemas/avro'
import { kindBits, type Mutation, searchWords } from '@heliograph/storage'

const NOTHING: Mutation[] = []

/**
 * The row by which searches find a message. There is none for what no search can find: service messages, and those without words
 * of no kind.
 */
export function searchableSent({ chatId, seq, extra, words }: MessageSent): Mutation[] {
  if (extra?.service === true) return NOTHING
  const kinds = extra === null ? 0 : kindBits(extra.kinds)
  if (words !== null && words.length === 0 && kinds === 0) return NOTHING
  return [{ kind: 'upsert', table: searchWords, row: { chatId, seq, words, kinds } }]
}

/** As `searchableSent`, after an edit: the row always stands, since that of the text before may be there. */
export function searchableEdited({ chatId, seq, extra, words }: MessageEdited): Mutation {
  const kinds = extra === null ? 0 : kindBits(extra.kinds)
  return { kind: 'upsert', table: searchWords, row: { chatId, seq, words, kinds, edited: true } }
}
