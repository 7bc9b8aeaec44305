import { chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { permanentInvites } from '@heliograph/storage'
import { exportChatInvite } from '../chats/export-invite.ts'
import { reach, requireRight } from '../chats/reach.ts'
import { saveFilter } from '../folders/filters.ts'
import type { DialogFilter } from '../folders/named-by.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderNamed } from '../messages/answers.ts'
import { inputPeerId } from '../peers.ts'
import { renderPeer } from '../render/peer.ts'
import { newEntryId, publishEntry, reviseEntry, withdrawEntry } from '../stickers/catalog.ts'
import {
  type ChatlistLink,
  folderOf,
  inviteOf,
  keepLinks,
  linkBySlug,
  linksOf,
  MAX_LINKS,
  newSlug,
  peersOf,
  type SharedFilter,
  sharedFolderOf,
  urlOf,
} from './links.ts'

/** Chats of one link. */
const MAX_SHARED_PEERS = 100
const MAX_LINK_TITLE = 32

/** `chatlists.exportChatlistInvite`: a link to a folder, which becomes one that can be shared. */
export const exportChatlistInvite: Handler<'chatlists.exportChatlistInvite'> = async (call, context) => {
  const filter = sharedFilter(await folderOf(context, call.chatlist))
  const links = await linksOf(context, filter.id)
  if (links.length >= MAX_LINKS) throw new RpcError(400, 'INVITES_TOO_MUCH')
  const peers = await sharedPeers(context, call.peers)
  const name = newSlug(context.services)
  const title = call.title.slice(0, MAX_LINK_TITLE)
  const invite = { _: 'exportedChatlistInvite', title, url: urlOf(name), peers } as const
  const value = { _: 'chatlists.exportedChatlistInvite', filter, invite } as const
  const entry = { kind: 'chatlist', name, entryId: newEntryId(context), ownerId: context.user } as const
  await publishEntry(context, { ...entry, value, documentIds: [] }, 'INVITES_TOO_MUCH')
  await keepLinks(context, filter.id, [...links.map((link) => link.name), name])
  await saveFilter(context, filter)
  return value
}

/** A folder goes by its list of chats alone: 400 FILTER_NOT_SUPPORTED for one that takes whole kinds or leaves chats out. */
function sharedFilter(filter: DialogFilter): SharedFilter {
  if (filter._ === 'dialogFilterChatlist') return { ...filter, hasMyInvites: true }
  const { contacts, nonContacts, groups, broadcasts, bots, excludeMuted, excludeRead, excludeArchived } =
    filter
  const takesKinds = contacts || nonContacts || groups || broadcasts || bots
  if (takesKinds || excludeMuted || excludeRead || excludeArchived || filter.excludePeers.length > 0)
    throw new RpcError(400, 'FILTER_NOT_SUPPORTED')
  const { id, title, titleNoanimate, emoticon, color, pinnedPeers, includePeers } = filter
  return {
    _: 'dialogFilterChatlist',
    hasMyInvites: true,
    id,
    title,
    ...(titleNoanimate && { titleNoanimate }),
    ...(emoticon !== undefined && { emoticon }),
    ...(color !== undefined && { color }),
    pinnedPeers,
    includePeers,
  }
}

/**
 * The chats of a link: public ones, and others into which the caller may invite, which get its permanent link for that.
 * @throws RpcError 400 PEERS_LIST_EMPTY, CHAT_ADMIN_REQUIRED, and those of chats that the caller does not see
 */
async function sharedPeers(
  context: CallContext,
  inputs: readonly TlType<'InputPeer'>[],
): Promise<TlType<'Peer'>[]> {
  const peers = [...new Set(inputs.map((input) => inputPeerId(input, context)))].filter((peer) => peer < 0)
  if (peers.length === 0 || peers.length > MAX_SHARED_PEERS) throw new RpcError(400, 'PEERS_LIST_EMPTY')
  for (const peer of peers) await requireWayIn(context, peer)
  return peers.map(renderPeer)
}

async function requireWayIn(context: CallContext, peer: PeerId): Promise<void> {
  const { services, user } = context
  const chatId = chatIdOf(user, peer)
  const reached = await reach(context, chatId)
  if (reached.facts.username !== undefined) return
  requireRight(reached, 'inviteUsers')
  const own = await services.tables.get(permanentInvites, { chatId, adminId: user })
  if (own !== undefined && own.revoked !== true) return
  const rendered = renderPeer(peer)
  const input: TlType<'InputPeer'> =
    rendered._ === 'peerChannel'
      ? {
          _: 'inputPeerChannel',
          channelId: rendered.channelId,
          accessHash: services.chats.accessHash(user, chatId),
        }
      : { _: 'inputPeerChat', chatId: -peer }
  await exportChatInvite({ _: 'messages.exportChatInvite', peer: input }, context)
}

export const editExportedInvite: Handler<'chatlists.editExportedInvite'> = async (call, context) => {
  const link = await ownLink(context, call)
  const peers = call.peers === undefined ? undefined : await sharedPeers(context, call.peers)
  const title = call.title?.slice(0, MAX_LINK_TITLE)
  const revised = await reviseEntry(context, link, (before) => ({
    value: {
      ...before.value,
      invite: {
        ...inviteOf(before),
        ...(title !== undefined && { title }),
        ...(peers !== undefined && { peers }),
      },
    },
    documentIds: [],
  }))
  return inviteOf(revised)
}

/** @throws RpcError 400 INVITE_SLUG_EXPIRED where the caller has no such link to this folder */
async function ownLink(
  context: CallContext,
  call: { readonly chatlist: TlType<'InputChatlist'>; readonly slug: string },
): Promise<ChatlistLink> {
  const filter = await sharedFolderOf(context, call.chatlist)
  const link = await linkBySlug(context.services, call.slug)
  const isOwn =
    link.ownerId === context.user && 'id' in link.value.filter && link.value.filter.id === filter.id
  if (!isOwn) throw new RpcError(400, 'INVITE_SLUG_EXPIRED')
  return link
}

/** `chatlists.deleteExportedInvite`: whoever has come by it keeps the folder. */
export const deleteExportedInvite: Handler<'chatlists.deleteExportedInvite'> = async (call, context) => {
  const link = await ownLink(context, call)
  const filter = await sharedFolderOf(context, call.chatlist)
  await withdrawEntry(context, link)
  const others = (await linksOf(context, filter.id)).filter(({ name }) => name !== link.name)
  await keepLinks(
    context,
    filter.id,
    others.map(({ name }) => name),
  )
  if (others.length === 0) {
    const { hasMyInvites: _, ...rest } = filter
    await saveFilter(context, rest)
  }
  return true
}

export const getExportedInvites: Handler<'chatlists.getExportedInvites'> = async (call, context) => {
  const { id } = await folderOf(context, call.chatlist)
  const links = await linksOf(context, id)
  const { users, chats } = await renderNamed(context, new Set(links.flatMap(peersOf)))
  const invites: Tl<'exportedChatlistInvite'>[] = links.map(inviteOf)
  return { _: 'chatlists.exportedInvites', invites, chats, users }
}
