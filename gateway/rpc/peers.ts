import {
  CHANNEL_PEER_BASE,
  type ChatId,
  channelChatId,
  GROUP_ID_LIMIT,
  groupChatId,
  MAX_CHANNEL_ID,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { equalAccessHashes, isAccessHash } from './access-hash.ts'
import type { CallContext } from './handler.ts'

/** Ids of users stay below this: clients reject more. */
export const MAX_USER_ID = 2 ** 40

/** The user that an `InputUser` names; a wrong access hash, another kind or no user is a 400 `error`. */
export function inputUserId(
  input: TlType<'InputUser'>,
  context: CallContext,
  error = 'USER_ID_INVALID',
): UserId {
  switch (input._) {
    case 'inputUserSelf':
      return context.user
    case 'inputUser':
      return verified(input.userId, input.accessHash, context, error)
    case 'inputUserFromMessage':
      return peerUserId(input.peer, context, error, input.userId)
    default:
      throw new RpcError(400, error)
  }
}

/** The user behind an `InputPeer`; groups and channels are a 400 `error`, as peers that the caller does not know. */
export function inputPeerUserId(
  input: TlType<'InputPeer'>,
  context: CallContext,
  error = 'PEER_ID_INVALID',
): UserId {
  switch (input._) {
    case 'inputPeerSelf':
      return context.user
    case 'inputPeerUser':
      return verified(input.userId, input.accessHash, context, error)
    case 'inputPeerUserFromMessage':
      return peerUserId(input.peer, context, error, input.userId)
    default:
      throw new RpcError(400, error)
  }
}

/**
 * The peer that an `InputPeer` names, of any kind. A channel needs the caller's access hash (400 CHANNEL_INVALID), a basic
 * group none: whether the caller is in it, or may see it, is for `reachable` (rpc/chats/reach) to say.
 */
export function inputPeerId(
  input: TlType<'InputPeer'>,
  context: CallContext,
  error = 'PEER_ID_INVALID',
): PeerId {
  switch (input._) {
    case 'inputPeerChat':
      return inputGroupPeer(input.chatId, error)
    case 'inputPeerChannel':
      return verifiedChannel(input.channelId, input.accessHash, context)
    default:
      return inputPeerUserId(input, context, error) as number as PeerId
  }
}

/**
 * The peer at which a page of a list begins. It names a place in the caller's own list and opens nothing, so that no access
 * hash is needed: clients that page through what they have kept leave it 0.
 */
export function offsetPeerId(
  input: TlType<'InputPeer'>,
  context: CallContext,
  error = 'PEER_ID_INVALID',
): PeerId {
  switch (input._) {
    case 'inputPeerUser':
      if (!isUserId(input.userId)) throw new RpcError(400, error)
      return input.userId as PeerId
    case 'inputPeerChannel':
      if (!isChannelId(input.channelId)) throw new RpcError(400, 'CHANNEL_INVALID')
      return (CHANNEL_PEER_BASE - input.channelId) as PeerId
    default:
      return inputPeerId(input, context, error)
  }
}

/** The channel that an `InputChannel` names; anything else is 400 CHANNEL_INVALID. */
export function inputChannelId(input: TlType<'InputChannel'>, context: CallContext): ChatId {
  if (input._ !== 'inputChannel') throw new RpcError(400, 'CHANNEL_INVALID')
  verifiedChannel(input.channelId, input.accessHash, context)
  return channelChatId(input.channelId)
}

/** The basic group that calls name by its bare id; an id that no group can have is 400 PEER_ID_INVALID. */
export function inputGroupId(chatId: number): ChatId {
  if (!isGroupId(chatId)) throw new RpcError(400, 'PEER_ID_INVALID')
  return groupChatId(chatId)
}

function inputGroupPeer(chatId: number, error: string): PeerId {
  if (!isGroupId(chatId)) throw new RpcError(400, error)
  return -chatId as PeerId
}

function verifiedChannel(channelId: number, hash: bigint, { user, services }: CallContext): PeerId {
  if (!isChannelId(channelId)) throw new RpcError(400, 'CHANNEL_INVALID')
  const view = services.chats.cachedView(user, channelChatId(channelId))
  const isRight =
    view === undefined
      ? isAccessHash(services.keyring, user, 'channel', channelId, hash)
      : equalAccessHashes(view.accessHash, hash)
  if (!isRight) throw new RpcError(400, 'CHANNEL_INVALID')
  return (CHANNEL_PEER_BASE - channelId) as PeerId
}

/**
 * A user seen in a message of a chat that the caller is in: in a private chat only its two members can be named so, and
 * both are known to it anyway.
 */
function peerUserId(chat: TlType<'InputPeer'>, context: CallContext, error: string, userId: number): UserId {
  const other = inputPeerUserId(chat, context, error)
  if (userId !== other && userId !== context.user) throw new RpcError(400, error)
  return userId as UserId
}

function verified(userId: number, hash: bigint, context: CallContext, error: string): UserId {
  if (userId === context.user) return context.user
  if (!isUserId(userId) || !isRightHash(userId as UserId, hash, context)) throw new RpcError(400, error)
  return userId as UserId
}

/** The directory remembers the hashes of those whom the user writes to: an HMAC for each message would be felt. */
function isRightHash(userId: UserId, hash: bigint, { user, services }: CallContext): boolean {
  const view = services.directory.cachedView(user, userId)
  if (view !== undefined) return equalAccessHashes(view.relation.accessHash, hash)
  return isAccessHash(services.keyring, user, 'user', userId, hash)
}

export function isUserId(id: number): boolean {
  return Number.isSafeInteger(id) && id > 0 && id < MAX_USER_ID
}

function isGroupId(id: number): boolean {
  return Number.isSafeInteger(id) && id > 0 && id < GROUP_ID_LIMIT
}

function isChannelId(id: number): boolean {
  return Number.isSafeInteger(id) && id > 0 && id <= MAX_CHANNEL_ID
}
