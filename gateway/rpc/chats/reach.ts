import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type ChatId,
  CREATOR_RIGHTS,
  chatIdOf,
  chatKindOf,
  hasRight,
  type PeerId,
} from '@heliograph/schemas/avro'
import { RpcError, rpcError, type TlType } from '@heliograph/schemas/tl'
import type { ChatFacts, MemberFacts } from '../directory/chat-facts.ts'
import type { CallContext } from '../handler.ts'
import { inputChannelId, inputGroupId, inputPeerId } from '../peers.ts'
import { holds, isShutOut } from '../render/chat.ts'
import { maySeeDiscussion } from './discussion-access.ts'

/** A group or channel that the caller may see, and how it stands to it. */
export interface Reached {
  readonly chatId: ChatId
  readonly facts: ChatFacts
  readonly member: MemberFacts | undefined
  /** The caller is in it. */
  readonly isIn: boolean
}

/**
 * A group or channel as far as the caller may see it: its members and its creator always, anybody where it has a name or
 * belongs to a channel that they may read, unless it has shut them out. Otherwise 400 CHAT_ID_INVALID (groups), CHANNEL_PRIVATE (for
 * channels that are gone, too).
 */
export async function reach(context: CallContext, chatId: ChatId): Promise<Reached> {
  const { facts, member } = await context.services.chats.view(context.user, chatId)
  if (chatKindOf(chatId) === 'group') {
    if (facts === undefined || member === undefined) throw new RpcError(400, 'CHAT_ID_INVALID')
  } else if (facts === undefined || !(await maySee(context, facts, member))) {
    throw rpcError('CHANNEL_PRIVATE')
  }
  return { chatId, facts, member, isIn: member?.isIn === true }
}

async function maySee(context: CallContext, facts: ChatFacts, member: MemberFacts | undefined) {
  if (isShutOut(facts, member, context.now)) return false
  if (member?.isIn === true || member?.status === 'creator' || facts.username !== undefined) return true
  return maySeeDiscussion(context, facts)
}

/** The channel that a call names. */
export function reachChannel(context: CallContext, input: TlType<'InputChannel'>): Promise<Reached> {
  return reach(context, inputChannelId(input, context))
}

/** The basic group that a call names by its bare id. */
export function reachGroup(context: CallContext, id: number): Promise<Reached> {
  return reach(context, inputGroupId(id))
}

/** The group or channel that a peer is; a user is 400 PEER_ID_INVALID. */
export async function reachPeer(context: CallContext, input: TlType<'InputPeer'>): Promise<Reached> {
  const peer = inputPeerId(input, context)
  return reach(context, chatOfPeer(context, peer))
}

/** @throws RpcError 400 PEER_ID_INVALID for users */
export function chatOfPeer({ user }: Pick<CallContext, 'user'>, peer: PeerId): ChatId {
  if (peer > 0) throw new RpcError(400, 'PEER_ID_INVALID')
  return chatIdOf(user, peer)
}

/** Supergroups only; a broadcast channel is 400 `error`. */
export function requireSupergroup({ facts }: Reached, error = 'CHAT_ID_INVALID'): void {
  if (facts.kind !== 'supergroup') throw new RpcError(400, error)
}
/** Broadcast channels only. */
export function requireBroadcast({ facts }: Reached, error = 'CHAT_ID_INVALID'): void {
  if (facts.kind !== 'broadcast') throw new RpcError(400, error)
}

/** The rights of an administrator; 0 for everybody else. */
export function rightsOf({ member, isIn }: Pick<Reached, 'member' | 'isIn'>): number {
  if (!isIn || member === undefined) return 0
  if (member.status === 'creator') return member.rights || CREATOR_RIGHTS
  return member.status === 'admin' ? member.rights : 0
}

export const isAdmin = (reached: Pick<Reached, 'member' | 'isIn'>): boolean =>
  reached.isIn && (reached.member?.status === 'creator' || reached.member?.status === 'admin')
export const isCreator = (reached: Pick<Reached, 'member' | 'isIn'>): boolean =>
  reached.isIn && reached.member?.status === 'creator'

/** Whether the caller is an administrator with this right. */
export const may = (reached: Pick<Reached, 'member' | 'isIn'>, right: keyof typeof ADMIN_RIGHTS): boolean =>
  hasRight(rightsOf(reached), ADMIN_RIGHTS[right])

/** @throws RpcError 403 CHAT_WRITE_FORBIDDEN to who is not in the chat, 400 CHAT_ADMIN_REQUIRED */
export function requireRight(
  reached: Pick<Reached, 'member' | 'isIn'>,
  right: keyof typeof ADMIN_RIGHTS,
): void {
  if (!reached.isIn) throw new RpcError(403, 'CHAT_WRITE_FORBIDDEN')
  if (!may(reached, right)) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
}

/** @throws RpcError 400 CHAT_ADMIN_REQUIRED */
export function requireAdmin(reached: Pick<Reached, 'member' | 'isIn'>): void {
  if (!isAdmin(reached)) throw new RpcError(400, 'CHAT_ADMIN_REQUIRED')
}

/**
 * What is for administrators is not even asked by those who are not in the chat, however much of it they may see.
 * @throws RpcError 403 CHAT_WRITE_FORBIDDEN
 */
export function requireMember({ isIn }: Pick<Reached, 'isIn'>): void {
  if (!isIn) throw rpcError('CHAT_WRITE_FORBIDDEN')
}

/** What an ordinary member may not do at `now`, the chat's defaults included; 0 for administrators. */
export function forbiddenTo({ facts, member, isIn }: Reached, now: number): number {
  if (isAdmin({ member, isIn })) return 0
  return facts.defaultBanned | (member !== undefined && holds(member, now) ? member.banned : 0)
}

/** A member may do it unless forbidden, an administrator with the right. */
export function mayAsMember(
  reached: Reached,
  admin: keyof typeof ADMIN_RIGHTS,
  banned: keyof typeof BANNED_RIGHTS,
  now: number,
): boolean {
  if (!reached.isIn) return false
  if (isAdmin(reached))
    return may(reached, admin) || !hasRight(reached.facts.defaultBanned, BANNED_RIGHTS[banned])
  if (reached.facts.kind === 'broadcast') return false
  return !hasRight(forbiddenTo(reached, now), BANNED_RIGHTS[banned])
}
