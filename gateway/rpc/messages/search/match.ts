import type { UserId } from '@heliograph/schemas/avro'
import { decodeObject } from '@heliograph/schemas/tl'
import { savedPeerOf } from '../../render/message-headers.ts'
import { peerNumber } from '../../render/peer.ts'
import { fold, tokensOf } from '../../search-index/tokens.ts'
import type { Content } from '../content.ts'
import { kindsOf } from '../kinds.ts'
import type { HistoryEntry } from '../mailbox/history.ts'
import type { OpenedMessage } from '../mailbox/rendered.ts'
import { kindBits } from './kind-bits.ts'
import type { Query } from './query.ts'

/** What can be told without opening the body. */
export function mayMatch(entry: HistoryEntry, query: Query): boolean {
  if (entry.deleted) return false
  if (query.fromId !== undefined && authorOf(entry) !== query.fromId) return false
  if (query.minDate > 0 && entry.date < query.minDate) return false
  return query.maxDate <= 0 || entry.date <= query.maxDate
}

/** In whose name it stands. */
const authorOf = ({ senderId, row }: HistoryEntry): number => row?.postAs ?? senderId

/** Whether the text, or where it was saved from, decides: the message must be opened then. */
export const asksContent = ({ words, savedPeer }: Query): boolean =>
  words.length > 0 || savedPeer !== undefined

export function matches({ content, row }: OpenedMessage, query: Query): boolean {
  if (content === undefined || !isOfKind(content, row?.mentions ?? null, query)) return false
  if (query.savedPeer !== undefined && savedFrom(query.viewer, content) !== query.savedPeer) return false
  if (query.words.length === 0) return true
  const words = tokensOf(content.text)
  if (!query.words.every((wanted) => words.some((word) => word.startsWith(wanted)))) return false
  const { runs, named = [] } = query
  if (runs.length === 0 && named.length === 0) return true
  const text = fold(content.text)
  return runs.every((run) => text.includes(run)) && named.every((wanted) => isNamed(text, wanted))
}

const NAMES = /(?<![\p{L}\p{N}_#$])[#$][\p{L}\p{N}_·\u200c]+/gu

/** The whole hashtag or cashtag, not its beginning only; where it names a chat as well (`#tag@chat`), that does not count. */
function isNamed(folded: string, wanted: string): boolean {
  for (const [found] of folded.matchAll(NAMES)) if (found === wanted) return true
  return false
}

const savedFrom = (viewer: number, content: Content): number =>
  peerNumber(savedPeerOf(viewer as UserId, content))

function isOfKind(content: Content, mentions: readonly number[] | null, { filter, viewer }: Query): boolean {
  switch (filter) {
    case 'all':
    case 'pinned':
      return true
    case 'mention':
      return mentions?.includes(viewer) === true || content.entities.some(({ userId }) => userId === viewer)
    case 'chatPhoto':
      return content.action !== null && decodeObject(content.action)._ === 'messageActionChatEditPhoto'
    case 'nothing':
      return false
    default:
      return (kindBits(kindsOf(content)) & filter) !== 0
  }
}
