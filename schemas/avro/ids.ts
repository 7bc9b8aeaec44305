/** Identifiers that records, tables and calls share. A brand keeps one kind from being passed for another. */

/** 0 < id < 2^40. */
export type UserId = number & { readonly brand: 'UserId' }

/**
 * The key of `chat.commands` and `chat.events`: `u<low>-<high>` for a private chat (both user ids, the lower first; the
 * same id twice is Saved Messages), `g<id>` for a basic group, `c<id>` for a supergroup or channel.
 */
export type ChatId = string & { readonly brand: 'ChatId' }

/**
 * A chat as one user sees it, numbered like the Bot API's chat ids: a user is its id, a basic group is -id, a channel
 * is -1000000000000 - id.
 */
export type PeerId = number & { readonly brand: 'PeerId' }

/** Position of a message in its chat, from 1, counted by the message actor. The same for all members. */
export type MessageSeq = number & { readonly brand: 'MessageSeq' }

/** A user's own number of a message in private chats and basic groups (positive int32), counted by the notification actor. */
export type MessageId = number & { readonly brand: 'MessageId' }

/**
 * Key of the account actor's topics: `phone:<hmac>`, `user:<id>`, `key:<auth key id>`, `username:<lower case>`, `names:<peer>`.
 */
export type AccountKey = string & { readonly brand: 'AccountKey' }

const PRIVATE_LETTER = 117
const ZERO = 48

export function privateChatId(a: UserId, b: UserId): ChatId {
  return (a < b ? `u${a}-${b}` : `u${b}-${a}`) as ChatId
}

/** The members of a private chat, lower id first; one entry for Saved Messages. Undefined for other kinds of chat. */
export function privateChatMembers(chatId: ChatId): UserId[] | undefined {
  if (chatId.charCodeAt(0) !== PRIVATE_LETTER) return undefined
  // By hand: several times for each message, and a match of a regular expression is an array of texts.
  const dash = chatId.indexOf('-')
  const low = digitsOf(chatId, 1, dash) as UserId | undefined
  const high = digitsOf(chatId, dash + 1, chatId.length) as UserId | undefined
  if (low === undefined || high === undefined) return undefined
  return low === high ? [low] : [low, high]
}

/** The number between two places of a text; undefined where there is anything but digits, or nothing. */
function digitsOf(text: string, from: number, to: number): number | undefined {
  if (from >= to) return undefined
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - ZERO
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value
}

export type ChatKind = 'private' | 'group' | 'channel'

/** Peer ids of channels lie below this, those of basic groups between it and 0. */
export const CHANNEL_PEER_BASE = -1_000_000_000_000
/** Ids of basic groups stay below this. */
export const GROUP_ID_LIMIT = 1_000_000_000_000
/** Clients reject channels with a higher id. */
export const MAX_CHANNEL_ID = 997_852_516_352

const GROUP_LETTER = 103
const CHANNEL_LETTER = 99

/** Basic groups keep their messages in their members' mailboxes; supergroups and broadcast channels are both channels. */
export function chatKindOf(chatId: ChatId): ChatKind {
  const letter = chatId.charCodeAt(0)
  return letter === CHANNEL_LETTER ? 'channel' : letter === GROUP_LETTER ? 'group' : 'private'
}

export const groupChatId = (id: number): ChatId => `g${id}` as ChatId
export const channelChatId = (id: number): ChatId => `c${id}` as ChatId

/** The number that the protocol calls `chat_id` or `channel_id`; of groups and channels only. */
export const numberOfChat = (chatId: ChatId): number => Number(chatId.slice(1))

/** The peer that every viewer sees a group or channel as. */
export function peerIdOfChat(chatId: ChatId): PeerId {
  const id = numberOfChat(chatId)
  return (chatKindOf(chatId) === 'channel' ? CHANNEL_PEER_BASE - id : -id) as PeerId
}

export const isUserPeer = (peer: PeerId): boolean => peer > 0
export const isChannelPeer = (peer: PeerId): boolean => peer < CHANNEL_PEER_BASE
export const isGroupPeer = (peer: PeerId): boolean => peer < 0 && peer > CHANNEL_PEER_BASE

/** The chat that `viewer` sees under `peer`. */
export function chatIdOf(viewer: UserId, peer: PeerId): ChatId {
  if (peer > 0) return privateChatId(viewer, peer as number as UserId)
  return peer < CHANNEL_PEER_BASE ? channelChatId(CHANNEL_PEER_BASE - peer) : groupChatId(-peer)
}

/** How `viewer` sees a chat: a private one as the other member, or as itself (Saved Messages). */
export function peerIdOf(viewer: UserId, chatId: ChatId): PeerId {
  const members = privateChatMembers(chatId)
  if (members === undefined) return peerIdOfChat(chatId)
  return (members.find((member) => member !== viewer) ?? viewer) as number as PeerId
}

export const userKey = (id: UserId): AccountKey => `user:${id}` as AccountKey
export const phoneKey = (phoneHmac: string): AccountKey => `phone:${phoneHmac}` as AccountKey
export const authKeyKey = (authKeyId: string): AccountKey => `key:${authKeyId}` as AccountKey
export const usernameKey = (username: string): AccountKey =>
  `username:${username.toLowerCase()}` as AccountKey
/** Of the names that a user or channel was given; the peer as an owner of names. */
export const collectionKey = (owner: UserId): AccountKey => `names:${owner}` as AccountKey
