import type { MessageSeq } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { knownReaction } from '../../reactions/known.ts'
import { fold, runsOf, tokensOf } from '../../search-index/tokens.ts'
import type { MessageKind } from '../kinds.ts'
import { kindBits } from './kind-bits.ts'

/** What a search asks of a message. */
export interface Query {
  /** Folded words, all of which must begin a word of the text. */
  readonly words: readonly string[]
  /** What must stand in the folded text as it is. */
  readonly runs: readonly string[]
  /** Folded #hashtags and $cashtags that it must have as they are. */
  readonly named?: readonly string[]
  readonly filter: Filter
  /** Who wrote it, or in whose name; undefined for anybody. */
  readonly fromId: number | undefined
  /** Unix seconds, inclusive; 0 for no bound. */
  readonly minDate: number
  readonly maxDate: number
  /** For mentions: who is asking. */
  readonly viewer: number
  /** Saved Messages: where it was saved from. */
  readonly savedPeer?: number | undefined
  /** Saved Messages: all tags that it must have, as they are kept. */
  readonly tags?: readonly string[] | undefined
  /** The first message of the thread that it stands in. */
  readonly topSeq?: MessageSeq | undefined
}

/** Bits of kinds of which a message must have one; or what no bit tells. */
export type Filter = number | 'all' | 'mention' | 'pinned' | 'chatPhoto' | 'nothing'

const bitsOf = (...kinds: MessageKind[]): number => kindBits(kinds)

const FILTERS: { readonly [F in TlType<'MessagesFilter'>['_']]: Filter } = {
  inputMessagesFilterEmpty: 'all',
  inputMessagesFilterPhotos: bitsOf('photo'),
  inputMessagesFilterVideo: bitsOf('video'),
  inputMessagesFilterPhotoVideo: bitsOf('photo', 'video'),
  inputMessagesFilterDocument: bitsOf('document'),
  inputMessagesFilterUrl: bitsOf('url', 'webPage'),
  inputMessagesFilterGif: bitsOf('gif'),
  inputMessagesFilterVoice: bitsOf('voice'),
  inputMessagesFilterMusic: bitsOf('music'),
  inputMessagesFilterRoundVoice: bitsOf('voice', 'roundVideo'),
  inputMessagesFilterRoundVideo: bitsOf('roundVideo'),
  inputMessagesFilterGeo: bitsOf('geo', 'liveGeo'),
  inputMessagesFilterContacts: bitsOf('contact'),
  inputMessagesFilterPoll: bitsOf('poll'),
  inputMessagesFilterMyMentions: 'mention',
  inputMessagesFilterPinned: 'pinned',
  inputMessagesFilterChatPhotos: 'chatPhoto',
  inputMessagesFilterPhoneCalls: 'nothing',
}

export const filterOf = (filter: TlType<'MessagesFilter'>): Filter => FILTERS[filter._]

/** UTF-16 code units of a query that are looked at. */
const MAX_QUERY_LENGTH = 256

/** A #hashtag or $cashtag that is looked for. */
const NAMED = /[#$][\p{L}\p{M}\p{N}_·\u200c]+/gu

/** What the calls that search have in common. */
export interface SearchCall {
  readonly q?: string
  readonly filter: TlType<'MessagesFilter'>
  readonly minDate?: number
  readonly maxDate?: number
  readonly fromId?: TlType<'InputPeer'> | undefined
  readonly savedPeerId?: TlType<'InputPeer'> | undefined
  readonly savedReaction?: readonly TlType<'Reaction'>[] | undefined
  readonly topMsgId?: number | undefined
}

/** @throws RpcError 400 FROM_PEER_INVALID, PEER_ID_INVALID, MSG_ID_INVALID, REACTION_INVALID */
export function queryOf(context: CallContext, call: SearchCall): Query {
  const { fromId, savedPeerId, topMsgId } = call
  const q = (call.q ?? '').slice(0, MAX_QUERY_LENGTH)
  if (topMsgId !== undefined && topMsgId < 0) throw new RpcError(400, 'MSG_ID_INVALID')
  return {
    words: tokensOf(q),
    runs: runsOf(q),
    named: q.match(NAMED)?.map(fold) ?? [],
    filter: filterOf(call.filter),
    fromId: isNamed(fromId) ? inputPeerId(fromId, context, 'FROM_PEER_INVALID') : undefined,
    minDate: call.minDate ?? 0,
    maxDate: call.maxDate ?? 0,
    viewer: context.user,
    savedPeer: isNamed(savedPeerId) ? inputPeerId(savedPeerId, context) : undefined,
    tags: call.savedReaction?.map(knownReaction),
    topSeq: topMsgId === undefined || topMsgId === 0 ? undefined : (topMsgId as MessageSeq),
  }
}

/** Whether it leaves anything out. */
export const asksAnything = ({ words, filter, fromId, minDate, maxDate }: Query): boolean =>
  words.length > 0 || filter !== 'all' || fromId !== undefined || minDate > 0 || maxDate > 0

/** Some clients send an empty peer for "from anyone" (gotd). */
const isNamed = (peer: TlType<'InputPeer'> | undefined): peer is TlType<'InputPeer'> =>
  peer !== undefined && peer._ !== 'inputPeerEmpty'
