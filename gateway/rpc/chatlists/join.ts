import type { PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { checkFilter } from '../folders/check-filter.ts'
import { filtersOf, freeFilterId, MAX_FILTERS, removeFilter, saveFilter } from '../folders/filters.ts'
import { namedPeer, peersNamedBy } from '../folders/named-by.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderNamed, updatesOf } from '../messages/answers.ts'
import { inputPeerId } from '../peers.ts'
import { renderPeer } from '../render/peer.ts'
import { comeIn, inputPeerOf, isMember, leaveAll } from './come-in.ts'
import { allJoined, type Joined, joinedOf, keepJoined } from './joined.ts'
import { type ChatlistLink, linkBySlug, peersOf, type SharedFilter, sharedFolderOf } from './links.ts'

/** Folders that came by links; also told to clients by `help.getAppConfig`. */
export const MAX_JOINED = 2

/** `chatlists.checkChatlistInvite`: what is in a shared folder, or what one has not yet of it. */
export const checkChatlistInvite: Handler<'chatlists.checkChatlistInvite'> = async (call, context) => {
  const link = await linkBySlug(context.services, call.slug)
  const peers = peersOf(link)
  const named = await renderNamed(context, peers)
  const filterId = await folderBy(context, link)
  if (filterId === undefined) {
    const { title, titleNoanimate, emoticon } = link.value.filter as SharedFilter
    return {
      _: 'chatlists.chatlistInvite',
      title,
      ...(titleNoanimate && { titleNoanimate }),
      ...(emoticon !== undefined && { emoticon }),
      peers: peers.map(renderPeer),
      ...named,
    }
  }
  const filter = await sharedFolderOf(context, { _: 'inputChatlistDialogFilter', filterId })
  const inside = peersNamedBy([filter], context.user)
  return {
    _: 'chatlists.chatlistInviteAlready',
    filterId,
    missingPeers: peers.filter((peer) => !inside.has(peer)).map(renderPeer),
    alreadyPeers: peers.filter((peer) => inside.has(peer)).map(renderPeer),
    ...named,
  }
}

/** The caller's own folder behind a link, or the one that came by it. */
async function folderBy(context: CallContext, link: ChatlistLink): Promise<number | undefined> {
  const filters = await filtersOf(context.services, context.user)
  const isThere = (id: number) =>
    filters.some((filter) => filter.id === id && filter._ === 'dialogFilterChatlist')
  if (link.ownerId === context.user && 'id' in link.value.filter && isThere(link.value.filter.id)) {
    return link.value.filter.id
  }
  for (const [id, { slug }] of await allJoined(context)) if (slug === link.name && isThere(id)) return id
  return undefined
}

/** `chatlists.joinChatlistInvite`: makes a folder of those chats of a link that are asked for, and comes into them. */
export const joinChatlistInvite: Handler<'chatlists.joinChatlistInvite'> = async (call, context) => {
  const link = await linkBySlug(context.services, call.slug)
  const chosen = chosenOf(context, link, call.peers)
  const known = await folderBy(context, link)
  if (known !== undefined) return addTo(context, link, known, chosen)
  const filters = await filtersOf(context.services, context.user)
  const joined = [...(await allJoined(context)).keys()].filter((id) => filters.some((one) => one.id === id))
  if (joined.length >= MAX_JOINED || filters.length >= MAX_FILTERS)
    throw new RpcError(400, 'CHATLISTS_TOO_MUCH')
  if (chosen.length === 0) throw new RpcError(400, 'FILTER_INCLUDE_EMPTY')
  const id = freeFilterId(filters)
  const { hasMyInvites: _, ...filter } = link.value.filter as SharedFilter
  const blank = { ...filter, id, pinnedPeers: [], includePeers: [] }
  return comeInto(context, link, blank, { slug: link.name, joined: [], hidden: [] }, chosen)
}

/** Those that are named, as far as the link has them. */
function chosenOf(
  context: CallContext,
  link: ChatlistLink,
  inputs: Parameters<typeof joinChatlistInvite>[0]['peers'],
): PeerId[] {
  const offered = new Set(peersOf(link))
  const named = inputs.flatMap((input) => namedPeer(input, context.user) ?? [])
  return [...new Set(named)].filter((peer) => offered.has(peer))
}

async function addTo(
  context: CallContext,
  link: ChatlistLink,
  filterId: number,
  chosen: readonly PeerId[],
): Promise<Tl<'updates'>> {
  if (chosen.length === 0) throw new RpcError(400, 'FILTER_INCLUDE_EMPTY')
  const filter = await sharedFolderOf(context, { _: 'inputChatlistDialogFilter', filterId })
  const before = (await joinedOf(context, filterId)) ?? { slug: link.name, joined: [], hidden: [] }
  return comeInto(context, link, filter, before, chosen)
}

/** Comes into the chats, puts those into the folder in which the caller is then, and remembers where they are from. */
async function comeInto(
  context: CallContext,
  link: ChatlistLink,
  filter: SharedFilter,
  before: Joined,
  chosen: readonly PeerId[],
): Promise<Tl<'updates'>> {
  const strange = await strangers(context, chosen)
  const present = await comeIn(context, link, chosen)
  const includePeers = [...filter.includePeers, ...present.map((peer) => inputPeerOf(context, peer))]
  const saved = checkFilter(context, filter.id, { ...filter, includePeers }, filter)
  await saveFilter(context, saved)
  const joined = [...before.joined, ...present.filter((peer) => strange.has(peer))]
  if (link.ownerId !== context.user) await keepJoined(context, filter.id, { ...before, joined })
  const named = await renderNamed(context, present)
  const update = { _: 'updateDialogFilter', id: filter.id, filter: saved } as const
  return updatesOf([update], named.users, context.now, named.chats)
}

async function strangers(context: CallContext, peers: readonly PeerId[]): Promise<Set<PeerId>> {
  const found = new Set<PeerId>()
  for (const peer of peers) if (!(await isMember(context, peer))) found.add(peer)
  return found
}

interface Followed {
  readonly filter: SharedFilter
  readonly joined: Joined
  readonly link: ChatlistLink
}

/** A folder that came by a link which is there still. */
async function followed(
  context: CallContext,
  chatlist: Parameters<typeof sharedFolderOf>[1],
): Promise<Followed | undefined> {
  const filter = await sharedFolderOf(context, chatlist)
  const joined = await joinedOf(context, filter.id)
  if (joined === undefined) return undefined
  try {
    return { filter, joined, link: await linkBySlug(context.services, joined.slug) }
  } catch (error) {
    if (error instanceof RpcError) return undefined
    throw error
  }
}

const missingIn = ({ filter, joined, link }: Followed, context: CallContext): PeerId[] => {
  const inside = peersNamedBy([filter], context.user)
  return peersOf(link).filter((peer) => !inside.has(peer) && !joined.hidden.includes(peer))
}

/** `chatlists.getChatlistUpdates`: chats that a followed link has by now and the folder has not. */
export const getChatlistUpdates: Handler<'chatlists.getChatlistUpdates'> = async (call, context) => {
  const following = await followed(context, call.chatlist)
  const missing = following === undefined ? [] : missingIn(following, context)
  const named = await renderNamed(context, missing)
  return { _: 'chatlists.chatlistUpdates', missingPeers: missing.map(renderPeer), ...named }
}

export const joinChatlistUpdates: Handler<'chatlists.joinChatlistUpdates'> = async (call, context) => {
  const following = await followed(context, call.chatlist)
  if (following === undefined) throw new RpcError(400, 'FILTER_ID_INVALID')
  const chosen = chosenOf(context, following.link, call.peers)
  return addTo(context, following.link, following.filter.id, chosen)
}

/** `chatlists.hideChatlistUpdates`: what is missing now is not told of again. */
export const hideChatlistUpdates: Handler<'chatlists.hideChatlistUpdates'> = async (call, context) => {
  const following = await followed(context, call.chatlist)
  if (following === undefined) return true
  const { joined, filter } = following
  const hidden = [...joined.hidden, ...missingIn(following, context)]
  await keepJoined(context, filter.id, { ...joined, hidden })
  return true
}

/** `chatlists.getLeaveChatlistSuggestions`: chats of the folder that the caller came into with it. */
export const getLeaveChatlistSuggestions: Handler<'chatlists.getLeaveChatlistSuggestions'> = async (
  call,
  context,
) => {
  const filter = await sharedFolderOf(context, call.chatlist)
  const inside = peersNamedBy([filter], context.user)
  const joined = (await joinedOf(context, filter.id))?.joined ?? []
  return joined.filter((peer) => inside.has(peer)).map(renderPeer)
}

/** `chatlists.leaveChatlist`: removes the folder, and leaves the chats that are named. */
export const leaveChatlist: Handler<'chatlists.leaveChatlist'> = async (call, context) => {
  const filter = await sharedFolderOf(context, call.chatlist)
  const inside = peersNamedBy([filter], context.user)
  const named = call.peers.map((input) => inputPeerId(input, context)).filter((peer) => inside.has(peer))
  await leaveAll(
    context,
    named.filter((peer) => peer < 0),
  )
  await removeFilter(context, filter.id)
  await keepJoined(context, filter.id, undefined)
  const { users, chats } = await renderNamed(context, named)
  return updatesOf([{ _: 'updateDialogFilter', id: filter.id }], users, context.now, chats)
}
