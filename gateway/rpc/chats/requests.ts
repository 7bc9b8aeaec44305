import type { ChatId, UserId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { chatScope, joinRequests } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { inputUserId } from '../peers.ts'
import { membersOf } from './group-participants.ts'
import { findInvite, inviteOfChat, renderInvite } from './invite-links.ts'
import { requireRoomOf } from './lists.ts'
import { membersBeside } from './participants-update.ts'
import { type Reached, reachPeer, requireRight } from './reach.ts'
import { type LogAction, sealLog } from './sealed.ts'
import { askChat, chatUpdates, NO_SERVICE, serviceOf } from './told.ts'

/** Requests that one command answers. */
const MAX_ANSWERED = 100
/** Requests of one chat that are read at once. */
const MAX_REQUESTS = 10_000
/** Requesters that a chat's page names. */
const SHOWN_REQUESTERS = 3

interface Request {
  readonly userId: UserId
  readonly date: number
  /** Hash of the link; empty where the public chat was asked. */
  readonly invite: string
}

interface Tabled {
  readonly services: Pick<CallContext['services'], 'tables'>
}

async function requestsOf({ services }: Tabled, chatId: ChatId): Promise<Request[]> {
  const rows = await services.tables.range(joinRequests, { chatId }, { limit: MAX_REQUESTS })
  return rows.map((row) => ({ userId: row.userId as UserId, date: row.date!, invite: row.invite ?? '' }))
}

/** How many ask to join a chat, and who did last. */
export interface PendingRequests {
  readonly requestsPending: number
  readonly recentRequesters: readonly UserId[]
}

/** Who asks to join now; for administrators. */
export async function pendingRequests(context: Tabled, chatId: ChatId): Promise<PendingRequests> {
  const requests = (await requestsOf(context, chatId)).sort((a, b) => b.date - a.date)
  const recentRequesters = requests.slice(0, SHOWN_REQUESTERS).map(({ userId }) => userId)
  return { requestsPending: requests.length, recentRequesters }
}

export const hideChatJoinRequest: Handler<'messages.hideChatJoinRequest'> = async (call, context) => {
  const reached = await reachPeer(context, call.peer)
  requireRight(reached, 'inviteUsers')
  const userId = inputUserId(call.userId, context)
  const row = await context.services.tables.get(joinRequests, { chatId: reached.chatId, userId })
  if (row === undefined) throw await missingRequester(context, reached.chatId, userId)
  const request = { userId, date: row.date!, invite: row.invite ?? '' }
  return answer(context, reached, [request], call.approved === true)
}

/** Why somebody asks for nothing: the account is gone, it is in already, or it never asked. */
async function missingRequester(context: CallContext, chatId: ChatId, userId: UserId): Promise<RpcError> {
  const { services, user } = context
  const [[view], [member]] = await Promise.all([
    services.directory.views(user, [userId]),
    membersOf(services, chatId, [userId]),
  ])
  if (view?.facts?.deleted === true) return new RpcError(400, 'INPUT_USER_DEACTIVATED')
  if (member?.isIn === true) return new RpcError(400, 'USER_ALREADY_PARTICIPANT')
  return new RpcError(400, 'HIDE_REQUESTER_MISSING')
}

export const hideAllChatJoinRequests: Handler<'messages.hideAllChatJoinRequests'> = async (call, context) => {
  const reached = await reachPeer(context, call.peer)
  requireRight(reached, 'inviteUsers')
  const { services } = context
  const hash =
    call.link === undefined ? undefined : (await inviteOfChat(services, reached.chatId, call.link)).hash
  const all = await requestsOf(context, reached.chatId)
  const asked = all.filter(({ invite }) => hash === undefined || invite === hash)
  if (asked.length === 0) throw new RpcError(400, 'HIDE_REQUESTER_MISSING')
  for (let from = MAX_ANSWERED; from < asked.length; from += MAX_ANSWERED) {
    await answer(context, reached, asked.slice(from, from + MAX_ANSWERED), call.approved === true)
  }
  return answer(context, reached, asked.slice(0, MAX_ANSWERED), call.approved === true)
}

async function answer(
  context: CallContext,
  { chatId, facts }: Reached,
  requests: readonly Request[],
  approved: boolean,
): Promise<TlType<'Updates'>> {
  const hasService = approved && facts.kind !== 'broadcast'
  const service = hasService
    ? await serviceOf(context, chatId, { _: 'messageActionChatJoinedByRequest' })
    : undefined
  const log = approved ? await joinLog(context, chatId, requests) : []
  const userIds = requests.map(({ userId }) => userId)
  if (approved) await requireRoomOf(context, userIds)
  const invites = new Set(requests.map(({ invite }) => invite).filter((invite) => invite !== ''))
  const reply = await askChat(context, {
    type: 'AnswerRequests',
    chatId,
    byUserId: context.user,
    userIds,
    invites: [...invites],
    approved,
    ...(service?.fields ?? NO_SERVICE),
    log: log.length === 0 || facts.kind === 'group' ? null : await sealLog(context.services, chatId, log),
  })
  return chatUpdates(context, chatId, reply, service, await membersBeside(context, chatId, userIds))
}

async function joinLog(
  { services, user }: CallContext,
  chatId: ChatId,
  requests: readonly Request[],
): Promise<LogAction[]> {
  const key = await services.keyring.find(chatScope(chatId))
  const invites = new Map<string, TlType<'ExportedChatInvite'>>()
  for (const hash of new Set(requests.map(({ invite }) => invite))) {
    const found = hash === '' ? undefined : await findInvite(services, hash)
    const shown = found && renderInvite(chatId, key, found)
    invites.set(hash, shown ?? { _: 'chatInvitePublicJoinRequests' })
  }
  return requests.map(({ invite }) => ({
    _: 'channelAdminLogEventActionParticipantJoinByRequest',
    invite: invites.get(invite)!,
    approvedBy: user,
  }))
}
