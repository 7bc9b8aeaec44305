import { decodeObject, type TlType } from '@heliograph/schemas/tl'
import type { Content } from '../content.ts'
import type { HistoryEntry } from '../mailbox/history.ts'
import type { OpenedMessage } from '../mailbox/rendered.ts'

/** What a search asks of a message. */
export interface Query {
  /** Folded words, all of which must begin a word of the text. */
  readonly words: readonly string[]
  readonly kind: FilterKind
  /** Who wrote it; undefined for anybody. */
  readonly fromId: number | undefined
  /** Unix seconds, inclusive; 0 for no bound. */
  readonly minDate: number
  readonly maxDate: number
  /** For mentions: who is asking. */
  readonly viewer: number
}

export type FilterKind = 'all' | 'url' | 'geo' | 'contact' | 'mention' | 'nothing'

const KINDS: { readonly [F in TlType<'MessagesFilter'>['_']]?: FilterKind } = {
  inputMessagesFilterEmpty: 'all',
  inputMessagesFilterUrl: 'url',
  inputMessagesFilterGeo: 'geo',
  inputMessagesFilterContacts: 'contact',
  inputMessagesFilterMyMentions: 'mention',
}

/** Kinds of messages that do not exist here (photos, calls, polls …) are `nothing`. */
export const filterKind = (filter: TlType<'MessagesFilter'>): FilterKind => KINDS[filter._] ?? 'nothing'

/** Lower case, without accents. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/** The words of a text, folded. */
export function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}_]+/gu) ?? []
}

/** What can be told without opening the body. */
export function mayMatch(entry: HistoryEntry, query: Query): boolean {
  if (entry.deleted) return false
  if (query.fromId !== undefined && entry.senderId !== query.fromId) return false
  if (query.minDate > 0 && entry.date < query.minDate) return false
  return query.maxDate <= 0 || entry.date <= query.maxDate
}

export function matches({ content }: OpenedMessage, query: Query): boolean {
  if (content === undefined || !isOfKind(content, query)) return false
  if (query.words.length === 0) return true
  const words = wordsOf(content.text)
  return query.words.every((wanted) => words.some((word) => word.startsWith(wanted)))
}

function isOfKind(content: Content, query: Query): boolean {
  switch (query.kind) {
    case 'all':
      return true
    case 'url':
      return content.entities.some(({ kind }) => kind === 'Url' || kind === 'TextUrl')
    case 'mention':
      return content.entities.some(({ userId }) => userId === query.viewer)
    case 'geo':
      return ['messageMediaGeo', 'messageMediaVenue'].includes(mediaKind(content))
    case 'contact':
      return mediaKind(content) === 'messageMediaContact'
    case 'nothing':
      return false
  }
}

const mediaKind = ({ media }: Content): string => (media === null ? '' : decodeObject(media)._)
