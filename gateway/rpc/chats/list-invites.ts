import type { ChatId, ChatInvite, UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { chatInvites, chatScope, inviteUses, joinRequests } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { inputUserId } from '../peers.ts'
import { renderUsers } from '../render/user.ts'
import { inviteAnswer, requireOwn } from './export-invite.ts'
import { hashOfLink, inviteOf, inviteOfChat, renderInvite } from './invite-links.ts'
import { matchingUsers } from './matching-users.ts'
import { pageLimit } from './page-limit.ts'
import { isCreator, type Reached, reachPeer, requireRight } from './reach.ts'
import { askChat } from './told.ts'

/** Links of one administrator that are read at once. */
export const MAX_READ_INVITES = 10_000
export const MAX_LISTED_INVITES = 100
const MAX_READ_USES = 10_000
const MAX_DELETED_INVITES = 1_000

async function reachForInvites(context: CallContext, input: Parameters<typeof reachPeer>[1]) {
  const reached = await reachPeer(context, input)
  requireRight(reached, 'inviteUsers')
  return reached
}

async function invitesOf(
  { services }: CallContext,
  chatId: ChatId,
  adminId: UserId | undefined,
): Promise<ChatInvite[]> {
  const key = adminId === undefined ? { chatId } : { chatId, adminId }
  const rows = await services.tables.range(chatInvites, key, { limit: MAX_READ_INVITES })
  return rows.map(inviteOf)
}

function requireAdminOf(context: CallContext, reached: Reached, adminId: UserId): void {
  if (adminId !== context.user && !isCreator(reached)) throw new RpcError(400, 'ADMIN_ID_INVALID')
}

/** Newest first; the permanent link stands before all others. */
function byNewest(a: ChatInvite, b: ChatInvite): number {
  if (a.permanent !== b.permanent) return a.permanent ? -1 : 1
  return b.date - a.date || (a.hash < b.hash ? -1 : 1)
}

export const getExportedChatInvites: Handler<'messages.getExportedChatInvites'> = async (call, context) => {
  const reached = await reachForInvites(context, call.peer)
  const { chatId } = reached
  const adminId = inputUserId(call.adminId, context, 'ADMIN_ID_INVALID')
  requireAdminOf(context, reached, adminId)
  const all = (await invitesOf(context, chatId, adminId))
    .filter(({ revoked }) => revoked === (call.revoked === true))
    .sort(byNewest)
  const last = call.offsetLink === undefined ? undefined : hashOfLink(call.offsetLink)
  const start = last === undefined ? 0 : all.findIndex(({ hash }) => hash === last) + 1
  const limit = pageLimit(call.limit, MAX_LISTED_INVITES)
  const key = await context.services.keyring.find(chatScope(chatId))
  return {
    _: 'messages.exportedChatInvites',
    count: all.length,
    invites: all.slice(start, start + limit).map((invite) => renderInvite(chatId, key, invite)),
    users: await users(context, [adminId]),
  }
}

const users = ({ services, user, now }: CallContext, ids: readonly UserId[]) =>
  renderUsers(services.directory, user, ids, now)

export const getExportedChatInvite: Handler<'messages.getExportedChatInvite'> = async (call, context) => {
  const reached = await reachForInvites(context, call.peer)
  const invite = await inviteOfChat(context.services, reached.chatId, call.link)
  requireOwn(context, reached, invite)
  const key = await context.services.keyring.find(chatScope(reached.chatId))
  return inviteAnswer(context, renderInvite(reached.chatId, key, invite))
}

export const getAdminsWithInvites: Handler<'messages.getAdminsWithInvites'> = async (call, context) => {
  const reached = await reachForInvites(context, call.peer)
  if (!isCreator(reached)) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
  const counts = new Map<UserId, { valid: number; revoked: number }>()
  for (const { adminId, revoked } of await invitesOf(context, reached.chatId, undefined)) {
    const count = counts.get(adminId) ?? { valid: 0, revoked: 0 }
    count[revoked ? 'revoked' : 'valid']++
    counts.set(adminId, count)
  }
  return {
    _: 'messages.chatAdminsWithInvites',
    admins: [...counts].map(([adminId, { valid, revoked }]) => ({
      _: 'chatAdminWithInvites',
      adminId,
      invitesCount: valid,
      revokedInvitesCount: revoked,
    })),
    users: await users(context, [...counts.keys()]),
  }
}

async function deleteInvites(context: CallContext, chatId: ChatId, invites: readonly ChatInvite[]) {
  const [first] = invites
  if (first === undefined) return
  const command = {
    type: 'DeleteInvites',
    chatId,
    byUserId: context.user,
    adminId: first.adminId,
    hashes: invites.map(({ hash }) => hash),
  } as const
  await askChat(context, command)
}

export const deleteExportedChatInvite: Handler<'messages.deleteExportedChatInvite'> = async (
  call,
  context,
) => {
  const reached = await reachForInvites(context, call.peer)
  const invite = await inviteOfChat(context.services, reached.chatId, call.link)
  requireOwn(context, reached, invite)
  if (!invite.revoked) throw new RpcError(400, 'INVITE_REVOKED_MISSING')
  await deleteInvites(context, reached.chatId, [invite])
  return true
}

export const deleteRevokedExportedChatInvites: Handler<'messages.deleteRevokedExportedChatInvites'> = async (
  call,
  context,
) => {
  const reached = await reachForInvites(context, call.peer)
  const adminId = inputUserId(call.adminId, context, 'ADMIN_ID_INVALID')
  requireAdminOf(context, reached, adminId)
  const revoked = (await invitesOf(context, reached.chatId, adminId)).filter((invite) => invite.revoked)
  for (let from = 0; from < revoked.length; from += MAX_DELETED_INVITES) {
    await deleteInvites(context, reached.chatId, revoked.slice(from, from + MAX_DELETED_INVITES))
  }
  return true
}

interface Importer {
  readonly userId: UserId
  readonly date: number
  readonly approvedBy: UserId | undefined
}

/** Who came by a link, or who asks to come (by it, or at all), newest first. */
export const getChatInviteImporters: Handler<'messages.getChatInviteImporters'> = async (call, context) => {
  const reached = await reachForInvites(context, call.peer)
  const { chatId } = reached
  const requested = call.requested === true
  if (call.link !== undefined && call.q) throw new RpcError(400, 'SEARCH_WITH_LINK_NOT_SUPPORTED')
  if (call.link === undefined && !requested) throw new RpcError(400, 'INVITE_HASH_EXPIRED')
  const hash =
    call.link === undefined ? undefined : (await inviteOfChat(context.services, chatId, call.link)).hash
  const found = requested
    ? await requesters(context, chatId, hash)
    : await usersOfLink(context, chatId, hash!)
  const listed = call.q ? await matching(context, found, call.q) : found
  listed.sort((a, b) => b.date - a.date || a.userId - b.userId)
  const page = pageOf(listed, call, inputOffset(call, context))
  return {
    _: 'messages.chatInviteImporters',
    count: listed.length,
    importers: page.map((importer) => renderImporter(importer, requested)),
    users: await users(
      context,
      page.flatMap(({ userId, approvedBy }) => (approvedBy === undefined ? [userId] : [userId, approvedBy])),
    ),
  }
}

function renderImporter(
  { userId, date, approvedBy }: Importer,
  requested: boolean,
): Tl<'chatInviteImporter'> {
  return {
    _: 'chatInviteImporter',
    userId,
    date,
    ...(requested && { requested: true }),
    ...(approvedBy !== undefined && { approvedBy }),
  }
}

async function requesters(
  { services }: CallContext,
  chatId: ChatId,
  hash: string | undefined,
): Promise<Importer[]> {
  const rows = await services.tables.range(joinRequests, { chatId }, { limit: MAX_READ_USES })
  return rows
    .filter((row) => hash === undefined || row.invite === hash)
    .map((row) => ({ userId: row.userId as UserId, date: row.date!, approvedBy: undefined }))
}

async function usersOfLink({ services }: CallContext, chatId: ChatId, hash: string): Promise<Importer[]> {
  const rows = await services.tables.range(inviteUses, { chatId, hash }, { limit: MAX_READ_USES })
  return rows
    .filter(({ requested }) => requested !== true)
    .map((row) => ({
      userId: row.userId as UserId,
      date: row.date!,
      approvedBy: (row.approvedBy || undefined) as UserId | undefined,
    }))
}

async function matching(context: CallContext, found: Importer[], q: string): Promise<Importer[]> {
  const kept = await matchingUsers(
    context,
    found.map(({ userId }) => userId),
    q,
  )
  return found.filter(({ userId }) => kept.has(userId))
}

type Paged = Parameters<Handler<'messages.getChatInviteImporters'>>[0]

const inputOffset = ({ offsetUser }: Paged, context: CallContext): UserId | undefined =>
  offsetUser._ === 'inputUserEmpty' ? undefined : inputUserId(offsetUser, context)

function pageOf(all: readonly Importer[], { offsetDate, limit }: Paged, offsetUser: UserId | undefined) {
  const at = offsetUser === undefined ? -1 : all.findIndex(({ userId }) => userId === offsetUser)
  const start = at >= 0 ? at + 1 : offsetDate === 0 ? 0 : all.findIndex(({ date }) => date < offsetDate)
  if (start < 0) return []
  return all.slice(start, start + pageLimit(limit, MAX_LISTED_INVITES))
}
