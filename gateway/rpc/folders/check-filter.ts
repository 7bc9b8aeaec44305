import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { inputPeerId } from '../peers.ts'
import type { DialogFilter } from './named-by.ts'

/** UTF-16 code units of a folder's title (core.telegram.org/api/folders). */
export const MAX_FILTER_TITLE = 12
/** Chats that a folder names one by one; also told to clients by `help.getAppConfig`. */
export const MAX_FILTER_PEERS = 100

/**
 * A folder as it is stored: with the caller's number, each chat named once.
 * @throws RpcError 400 FILTER_TITLE_EMPTY, FILTER_INCLUDE_EMPTY, CHATLIST_EXCLUDE_INVALID, PEER_ID_INVALID, CHAT_ID_INVALID
 */
export function checkFilter(
  context: CallContext,
  id: number,
  filter: TlType<'DialogFilter'>,
  before: DialogFilter | undefined,
): DialogFilter {
  if (filter._ === 'dialogFilterDefault') throw new RpcError(400, 'FILTER_ID_INVALID')
  const text = filter.title.text.trim()
  if (text === '' || text.length > MAX_FILTER_TITLE) throw new RpcError(400, 'FILTER_TITLE_EMPTY')
  const lists = distinct(context, filter)
  if (filter._ === 'dialogFilterChatlist') return checkShared({ ...filter, id, ...lists }, before)
  if (before?._ === 'dialogFilterChatlist') throw new RpcError(400, 'CHATLIST_EXCLUDE_INVALID')
  const hasKind = filter.contacts || filter.nonContacts || filter.groups || filter.broadcasts || filter.bots
  if (!hasKind && isEmpty(lists)) throw new RpcError(400, 'FILTER_INCLUDE_EMPTY')
  const excluded = new Set<number>()
  return { ...filter, id, ...lists, excludePeers: unnamed(context, filter.excludePeers, excluded) }
}

/** A folder that has links stays one, and says so whatever the client gives. */
function checkShared(
  { hasMyInvites: _, ...filter }: Extract<DialogFilter, { readonly _: 'dialogFilterChatlist' }>,
  before: DialogFilter | undefined,
): DialogFilter {
  if (isEmpty(filter)) throw new RpcError(400, 'FILTER_INCLUDE_EMPTY')
  const hasInvites = before?._ === 'dialogFilterChatlist' && before.hasMyInvites === true
  return hasInvites ? { ...filter, hasMyInvites: true } : filter
}

type Lists = Pick<DialogFilter, 'pinnedPeers' | 'includePeers'>

const isEmpty = ({ pinnedPeers, includePeers }: Lists): boolean =>
  pinnedPeers.length === 0 && includePeers.length === 0

function distinct(context: CallContext, { pinnedPeers, includePeers }: Lists): Lists {
  const seen = new Set<number>()
  const lists = {
    pinnedPeers: unnamed(context, pinnedPeers, seen),
    includePeers: unnamed(context, includePeers, seen),
  }
  return lists
}

/** Those that have not been named yet. */
function unnamed(
  context: CallContext,
  inputs: readonly TlType<'InputPeer'>[],
  seen: Set<number>,
): TlType<'InputPeer'>[] {
  const fresh = inputs.filter((input) => {
    const peerId = inputPeerId(input, context, input._ === 'inputPeerChat' ? 'CHAT_ID_INVALID' : undefined)
    if (seen.has(peerId)) return false
    seen.add(peerId)
    return true
  })
  if (seen.size > MAX_FILTER_PEERS) throw new RpcError(400, 'PEER_ID_INVALID')
  return fresh
}
