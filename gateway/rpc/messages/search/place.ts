import { isChannelPeer, type PeerId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { topOf } from '../mailbox/extent.ts'
import { openMailbox } from '../mailbox/open.ts'
import { boundsOf } from '../mailbox/paging.ts'
import { renderEntries } from '../mailbox/rendered.ts'
import { answerChannelPage, answerPage } from '../read/history.ts'
import type { Query } from './query.ts'
import type { Found } from './scan.ts'
import type { Source } from './source.ts'
import { sourceFor } from './sources.ts'

/** Where a search in one chat looks, and the chat's pts. */
export interface Place {
  readonly peerId: PeerId
  /** Channels */
  readonly pts: number
  /** Undefined for a chat without messages. */
  readonly source: Source | undefined
}

/** The messages of a chat between `min_id` and `max_id`, which are exclusive; 0 for no bound. */
export async function placeOf(
  context: CallContext,
  peer: TlType<'InputPeer'>,
  query: Query,
  { minId, maxId }: { readonly minId: number; readonly maxId: number },
): Promise<Place> {
  const peerId = inputPeerId(peer, context)
  const mailbox = await openMailbox(context, peerId)
  const { topSeq, pts } = await topOf(mailbox)
  if (topSeq === 0) return { peerId, pts, source: undefined }
  const request = { minId, maxId, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 0 }
  const { low, high } = await boundsOf(mailbox, topSeq, request)
  return { peerId, pts, source: sourceFor(context.services, mailbox, query, low, high) }
}

export async function answerFound(
  context: CallContext,
  { page, count, exact }: Found,
  place?: Pick<Place, 'peerId' | 'pts'>,
): Promise<TlType<'messages.Messages'>> {
  const messages = await renderEntries(context.services, context.user, page)
  if (place === undefined || !isChannelPeer(place.peerId)) return answerPage(context, messages, count, exact)
  return answerChannelPage(context, messages, { count, exact }, place.pts, place.peerId)
}
