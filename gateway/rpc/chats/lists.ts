import {
  ADMIN_RIGHTS,
  type ChatId,
  chatKindOf,
  hasRight,
  type PeerId,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { chats, messages, userChats } from '@heliograph/storage'
import type { ChatView } from '../directory/chats.ts'
import type { CallContext, Handler } from '../handler.ts'
import { inputChannelId, inputGroupId, inputUserId } from '../peers.ts'
import { type RenderedChat, renderChat, renderChats } from '../render/chat.ts'
import { pageLimit } from './page-limit.ts'
import { rightsOf } from './reach.ts'

/** Groups and channels that one user can be in. */
export const MAX_USER_CHATS = 1_000
const MAX_CHATS_PER_CALL = 1_000
const MAX_COMMON_CHATS = 100
const INACTIVE_SECONDS = 60 * 24 * 3600
const MAX_INACTIVE = 100

/** @throws RpcError 400 CHANNELS_TOO_MUCH for who is in as many chats as one can be */
export async function requireRoom({ services, user }: Pick<CallContext, 'services' | 'user'>): Promise<void> {
  const rows = await services.tables.range(userChats, { userId: user }, { limit: MAX_USER_CHATS })
  if (rows.length >= MAX_USER_CHATS) throw new RpcError(400, 'CHANNELS_TOO_MUCH')
}

/** @throws RpcError 400 USER_CHANNELS_TOO_MUCH where one of these users is in as many chats as one can be */
export async function requireRoomOf({ services }: CallContext, ids: readonly UserId[]): Promise<void> {
  for (const userId of ids) {
    const rows = await services.tables.range(userChats, { userId }, { limit: MAX_USER_CHATS })
    if (rows.length >= MAX_USER_CHATS) throw new RpcError(400, 'USER_CHANNELS_TOO_MUCH')
  }
}

interface Listed {
  readonly chatId: ChatId
  readonly view: ChatView & { readonly facts: NonNullable<ChatView['facts']> }
}

async function chatIdsOf({ services }: Pick<CallContext, 'services'>, userId: UserId): Promise<ChatId[]> {
  const rows = await services.tables.range(userChats, { userId }, { limit: MAX_USER_CHATS })
  return rows.map((row) => row.chatId as ChatId)
}

/** Everything that the caller is in; deleted chats are left out. */
export async function chatsOf(context: Pick<CallContext, 'services' | 'user'>): Promise<Listed[]> {
  return lookUp(context, await chatIdsOf(context, context.user))
}

async function lookUp(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  ids: readonly ChatId[],
): Promise<Listed[]> {
  const views = await services.chats.views(user, ids)
  return ids.flatMap((chatId, i) => {
    const { facts, ...rest } = views[i]!
    if (facts === undefined || facts.flags.has('deactivated')) return []
    return [{ chatId, view: { ...rest, facts } }]
  })
}

export const renderListed = (
  { services, user, now }: CallContext,
  listed: readonly Listed[],
): RenderedChat[] =>
  listed.map(({ chatId, view }) => renderChat(services, user, peerIdOfChat(chatId), view, now))

const chatsAnswer = (list: TlType<'Chat'>[]): Tl<'messages.chats'> => ({ _: 'messages.chats', chats: list })

/** Groups that there are not are left out; 400 CHAT_ID_INVALID where there is none of them. */
export const getChats: Handler<'messages.getChats'> = async (call, context) => {
  requireFew(call.id)
  const peers = call.id.map((id) => peerIdOfChat(inputGroupId(id)))
  const list = await renderChats(context.services, context.user, peers, context.now)
  const known = list.filter((chat) => chat._ !== 'chatEmpty')
  if (known.length === 0 && list.length > 0) throw new RpcError(400, 'CHAT_ID_INVALID')
  return chatsAnswer(known)
}

/** Channels that there are not, or that are named with a wrong hash, are left out; 400 CHANNEL_INVALID where there is none of them. */
export const getChannels: Handler<'channels.getChannels'> = async (call, context) => {
  requireFew(call.id)
  const peers = call.id.flatMap((input) => channelPeer(input, context))
  const list = await renderChats(context.services, context.user, peers, context.now)
  const known = list.filter((chat) => chat._ !== 'chatEmpty')
  if (known.length === 0 && call.id.length > 0) throw new RpcError(400, 'CHANNEL_INVALID')
  return chatsAnswer(known)
}

function channelPeer(input: TlType<'InputChannel'>, context: CallContext): PeerId[] {
  try {
    return [peerIdOfChat(inputChannelId(input, context))]
  } catch (error) {
    if (error instanceof RpcError) return []
    throw error
  }
}

function requireFew(inputs: readonly unknown[]): void {
  if (inputs.length > MAX_CHATS_PER_CALL) throw new RpcError(400, 'LIMIT_INVALID')
}

/** Groups that the caller shares with somebody, in the order of their ids, from above `maxId`. */
export const getCommonChats: Handler<'messages.getCommonChats'> = async (call, context) => {
  const other = inputUserId(call.userId, context)
  if (other === context.user) throw new RpcError(400, 'USER_ID_INVALID')
  const common = await commonChats(context, other)
  const after = common.filter(({ id }) => call.maxId === 0 || id < call.maxId)
  const limit = pageLimit(call.limit, MAX_COMMON_CHATS)
  return chatsAnswer(after.slice(0, limit))
}

/** Groups that the caller shares with another user, highest id first. */
export async function commonChats(context: CallContext, other: UserId): Promise<TlType<'Chat'>[]> {
  const shared = await sharedGroups(context, other)
  return renderListed(context, shared).sort((a, b) => b.id - a.id)
}

/** How many groups the caller shares with another user. */
export async function countCommonChats(context: CallContext, other: UserId): Promise<number> {
  return (await sharedGroups(context, other)).length
}

async function sharedGroups(context: CallContext, other: UserId): Promise<Listed[]> {
  if (other === context.user) return []
  const [own, theirs] = await Promise.all([chatIdsOf(context, context.user), chatIdsOf(context, other)])
  const isTheirs = new Set(theirs)
  const shared = await lookUp(
    context,
    own.filter((chatId) => isTheirs.has(chatId)),
  )
  return shared.filter(({ view }) => view.facts.kind !== 'broadcast')
}

/** Groups and channels with a public name that one user can have; also told to clients by `help.getAppConfig`. */
export const MAX_PUBLIC_CHANNELS = 10

async function ownPublicChannels(context: Pick<CallContext, 'services' | 'user'>): Promise<Listed[]> {
  const all = await chatsOf(context)
  return all.filter(({ view }) => view.facts.username !== undefined && view.facts.creatorId === context.user)
}

/** @throws RpcError 400 CHANNELS_ADMIN_PUBLIC_TOO_MUCH for who has as many public channels as one can have */
export async function requirePublicRoom(context: Pick<CallContext, 'services' | 'user'>): Promise<void> {
  if ((await ownPublicChannels(context)).length >= MAX_PUBLIC_CHANNELS)
    throw new RpcError(400, 'CHANNELS_ADMIN_PUBLIC_TOO_MUCH')
}

/** Channels with a public name that the caller has; asked whether there is room for another one, it is said where there is none. */
export const getAdminedPublicChannels: Handler<'channels.getAdminedPublicChannels'> = async (
  call,
  context,
) => {
  if (call.byLocation) return chatsAnswer([])
  if (call.checkLimit) await requirePublicRoom(context)
  const own = await ownPublicChannels(context)
  const listed = call.forPersonal ? own.filter(({ view }) => view.facts.kind === 'broadcast') : own
  return chatsAnswer(renderListed(context, listed))
}

/** Supergroups and basic groups of the caller that a channel of its can have for its discussions; a forum has topics instead. */
export const getGroupsForDiscussion: Handler<'channels.getGroupsForDiscussion'> = async (_, context) => {
  const fit = (await chatsOf(context)).filter(({ view }) => {
    const { facts, member } = view
    if (facts.kind === 'broadcast' || facts.linkedChatId !== undefined) return false
    if (facts.flags.has('forum')) return false
    const isCreator = facts.creatorId === context.user
    if (facts.kind === 'group') return isCreator
    const rights = rightsOf({ member, isIn: member?.isIn === true })
    return isCreator || hasRight(rights, ADMIN_RIGHTS.pinMessages)
  })
  return chatsAnswer(renderListed(context, fit))
}

/** Groups and channels in which nothing has happened for long. */
export const getInactiveChannels: Handler<'channels.getInactiveChannels'> = async (_, context) => {
  const { services, now } = context
  const own = (await chatsOf(context)).filter(({ chatId }) => chatKindOf(chatId) === 'channel')
  const dates = await lastDates(services, own)
  const quiet = own
    .map((listed, i) => ({ listed, date: dates[i]! }))
    .filter(({ date }) => date < now - INACTIVE_SECONDS)
    .sort((a, b) => a.date - b.date)
    .slice(0, MAX_INACTIVE)
  return {
    _: 'messages.inactiveChats',
    dates: quiet.map(({ date }) => date),
    chats: renderListed(
      context,
      quiet.map(({ listed }) => listed),
    ),
    users: [],
  }
}

/** When the last message of each was sent; where there is none, when the member joined. */
async function lastDates(services: CallContext['services'], listed: readonly Listed[]): Promise<number[]> {
  const states = await services.tables.getMany(
    listed.map(({ chatId }) => ({ table: chats, key: { chatId } })),
  )
  const refs = listed.map(({ chatId }, i) => ({
    table: messages,
    key: { chatId, seq: (states[i] as { lastSeq?: number } | undefined)?.lastSeq ?? 0 },
  }))
  const rows = await services.tables.getMany(refs)
  return listed.map(({ view }, i) => {
    const sent = (rows[i] as { date?: number } | undefined)?.date
    return sent ?? view.member?.date ?? view.facts.createdAt
  })
}
