import type { ChatId, ChatInvite } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { chatScope, permanentInvites } from '@heliograph/storage'
import { cleanName } from '../account/names.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderUsers } from '../render/user.ts'
import { inviteOf, inviteOfChat, newInviteHash, renderInvite } from './invite-links.ts'
import { MAX_INVITE_TITLE_LENGTH } from './names.ts'
import { isCreator, type Reached, reachPeer, requireRight } from './reach.ts'
import { type LogAction, sealInviteTitle, sealLog } from './sealed.ts'
import { askChat } from './told.ts'

export const MAX_USAGE_LIMIT = 99_999

export const exportChatInvite: Handler<'messages.exportChatInvite'> = async (call, context) => {
  const reached = await reachPeer(context, call.peer)
  requireRight(reached, 'inviteUsers')
  if (call.subscriptionPricing !== undefined) throw new RpcError(400, 'PRICING_CHAT_INVALID')
  const expireDate = requireExpiry(call.expireDate, context.now)
  const usageLimit = requireLimit(call.usageLimit, call.requestNeeded === true)
  const title = requireInviteTitle(call.title)
  const isPlain = expireDate === 0 && usageLimit === 0 && title === '' && call.requestNeeded !== true
  const permanent = call.legacyRevokePermanent === true || isPlain
  return putInvite(context, reached, {
    ...blankInvite(context),
    title: await sealInviteTitle(context.services, reached.chatId, title),
    expireDate,
    usageLimit,
    requestNeeded: call.requestNeeded === true,
    permanent,
  })
}

function blankInvite({ services, user, now }: CallContext): ChatInvite {
  return {
    hash: newInviteHash(services),
    adminId: user,
    title: null,
    date: now,
    startDate: 0,
    expireDate: 0,
    usageLimit: 0,
    usage: 0,
    requested: 0,
    requestNeeded: false,
    revoked: false,
    permanent: false,
  }
}

async function putInvite(
  context: CallContext,
  { chatId, facts }: Reached,
  invite: ChatInvite,
  log?: LogAction,
): Promise<Tl<'chatInviteExported'>> {
  const { services, user } = context
  const sealed = log === undefined || facts.kind === 'group' ? null : await sealLog(services, chatId, [log])
  await askChat(context, { type: 'PutInvite', chatId, byUserId: user, invite, log: sealed })
  return renderInvite(chatId, await services.keyring.find(chatScope(chatId)), invite)
}

/**
 * Changes a link or revokes it; a revoked permanent link gets a successor at once. Only the creator may change those of other
 * administrators.
 */
export const editExportedChatInvite: Handler<'messages.editExportedChatInvite'> = async (call, context) => {
  const reached = await reachPeer(context, call.peer)
  requireRight(reached, 'inviteUsers')
  const { chatId } = reached
  const invite = await inviteOfChat(context.services, chatId, call.link)
  requireOwn(context, reached, invite)
  const key = await context.services.keyring.find(chatScope(chatId))
  const before = renderInvite(chatId, key, invite)
  if (invite.revoked) throw new RpcError(400, 'INVITE_HASH_EXPIRED')
  if (call.revoked === true) return revoke(context, reached, invite, before)
  if (invite.permanent) throw new RpcError(400, 'CHAT_INVITE_PERMANENT')
  const edited = await editedInvite(context, chatId, invite, call)
  const after = renderInvite(chatId, key, edited)
  await putInvite(context, reached, edited, {
    _: 'channelAdminLogEventActionExportedInviteEdit',
    prevInvite: before,
    newInvite: after,
  })
  return inviteAnswer(context, after)
}

async function editedInvite(
  { services, now }: CallContext,
  chatId: ChatId,
  invite: ChatInvite,
  call: Parameters<Handler<'messages.editExportedChatInvite'>>[0],
): Promise<ChatInvite> {
  const requestNeeded = call.requestNeeded ?? invite.requestNeeded
  return {
    ...invite,
    requestNeeded,
    ...(call.expireDate !== undefined && { expireDate: requireExpiry(call.expireDate, now) }),
    usageLimit: requireLimit(requestNeeded ? 0 : (call.usageLimit ?? invite.usageLimit), requestNeeded),
    ...(call.title !== undefined && {
      title: await sealInviteTitle(services, chatId, requireInviteTitle(call.title)),
    }),
  }
}

async function revoke(
  context: CallContext,
  reached: Reached,
  invite: ChatInvite,
  before: Tl<'chatInviteExported'>,
): Promise<TlType<'messages.ExportedChatInvite'>> {
  const log: LogAction = { _: 'channelAdminLogEventActionExportedInviteRevoke', invite: before }
  const revoked = await putInvite(context, reached, { ...invite, revoked: true }, log)
  if (!invite.permanent) return inviteAnswer(context, revoked)
  const newInvite = await putInvite(context, reached, { ...blankInvite(context), permanent: true })
  const users = await usersOfInvite(context, revoked)
  return { _: 'messages.exportedChatInviteReplaced', invite: revoked, newInvite, users }
}

/** @throws RpcError 400 CHAT_ADMIN_REQUIRED for the link of somebody else, unless the caller made the chat */
export function requireOwn({ user }: Pick<CallContext, 'user'>, reached: Reached, invite: ChatInvite): void {
  if (invite.adminId !== user && !isCreator(reached)) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
}

export async function inviteAnswer(
  context: CallContext,
  invite: Tl<'chatInviteExported'>,
): Promise<Tl<'messages.exportedChatInvite'>> {
  return { _: 'messages.exportedChatInvite', invite, users: await usersOfInvite(context, invite) }
}

async function usersOfInvite({ services, user, now }: CallContext, { adminId }: Tl<'chatInviteExported'>) {
  return renderUsers(services.directory, user, [adminId as typeof user], now)
}

/** The permanent link of an administrator, if it has one. */
export async function permanentInvite(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  chatId: ChatId,
): Promise<Tl<'chatInviteExported'> | undefined> {
  const row = await services.tables.get(permanentInvites, { chatId, adminId: user })
  if (row === undefined) return undefined
  return renderInvite(chatId, await services.keyring.find(chatScope(chatId)), inviteOf(row))
}

function requireExpiry(expireDate: number | undefined, now: number): number {
  if (expireDate === undefined || expireDate === 0) return 0
  if (expireDate <= now) throw new RpcError(400, 'EXPIRE_DATE_INVALID')
  return expireDate
}

/** A link whose users are let in one by one has no limit. */
function requireLimit(limit: number | undefined, requestNeeded: boolean): number {
  if (limit === undefined || limit === 0) return 0
  if (limit < 0 || limit > MAX_USAGE_LIMIT || requestNeeded) throw new RpcError(400, 'USAGE_LIMIT_INVALID')
  return limit
}

const requireInviteTitle = (title = ''): string => cleanName(title).slice(0, MAX_INVITE_TITLE_LENGTH)
