import { as, bool, bytes, type Field, int, int64, list, long, nested, optional, text } from '../dsl.ts'
import type { ChatId, MessageSeq, PeerId, UserId } from '../ids.ts'

/** What records of groups and channels are made of. */

export const chatId = as<ChatId>(text)
export const userId = as<UserId>(long)
export const peerId = as<PeerId>(long)
export const seq = as<MessageSeq>(int)

/** `group` is a basic group, the others are channels to the protocol. */
export type GroupKind = 'group' | 'supergroup' | 'broadcast'
/** Of a chat, in `ChatInfo.flags`. */
export type ChatFlag =
  | 'signatures'
  | 'signatureProfiles'
  | 'hiddenHistory'
  | 'noForwards'
  | 'joinToSend'
  | 'joinRequest'
  | 'forum'
  | 'forumTabs'
  | 'antiSpam'
  | 'hiddenMembers'
  | 'autotranslation'
  | 'gigagroup'
  | 'deactivated'
/** `restricted` members may be in the chat (with `banned` rights) or not, as `isIn` says. */
export type MemberStatus = 'creator' | 'admin' | 'member' | 'restricted' | 'left' | 'kicked'

/** A group or channel but for its members and messages. Rights are bit sets: `schemas/avro/rights`. */
export const chatInfo = nested('ChatInfo', {
  kind: as<GroupKind>(text),
  /** Grows by one with every change. */
  version: int,
  creatorId: userId,
  /** Unix seconds. */
  createdAt: int,
  /** A sealed `ChatProfile`. */
  profile: bytes,
  username: optional(text),
  flags: list(as<ChatFlag>(text)),
  defaultBanned: int,
  slowModeSeconds: int,
  /** Auto-delete timer of new messages; 0 off. */
  ttlSeconds: int,
  /** A broadcast channel's discussion group, or the channel that a supergroup discusses. */
  linkedChatId: optional(chatId),
  migratedTo: optional(chatId),
  migratedFrom: optional(chatId),
  migratedMaxSeq: int,
  /** Reactions that members may use (emoji, or `custom:<document id>`); null all, empty none. */
  reactions: optional(list(text)),
  reactionsLimit: int,
  /** Basic groups: everybody in it, in the order of joining. Channels: empty. */
  members: list(userId),
  /** The creator and the administrators. */
  adminIds: list(userId),
  participants: int,
  /** Members of status `kicked`, and of status `restricted`. */
  kicked: int,
  banned: int,
  /** Photos and documents that its profile refers to. */
  files: list(int64),
})

/** One member of a chat, past ones with what is kept of them. A channel that may not post is a "member" too. */
export const chatMember = nested('ChatMember', {
  peerId,
  status: as<MemberStatus>(text),
  /** Receives and sees messages. */
  isIn: bool,
  /** Administrator rights; 0 where none. */
  rights: int,
  /** What is forbidden until `untilDate` (Unix seconds; 0 for ever); 0 nothing. */
  banned: int,
  untilDate: int,
  /** The sealed title of an administrator. */
  rank: optional(bytes),
  /** Who brought the member in; itself where it joined; 0 the creator. */
  inviterId: userId,
  /** Who promoted, restricted or removed it; 0 nobody. */
  actorId: userId,
  /** When it joined, or left. */
  date: int,
  /** Hash of the invite link that it came by. */
  invite: optional(text),
  viaRequest: bool,
  /**
   * Channels: messages at or below are hidden from it, the history before it joined. Basic groups: the last message that it got
   * before it left; 0 for who never left.
   */
  minSeq: int,
})

/** A service message that goes with a command, sealed by who gives it. */
export const serviceFields = {
  /** A sealed `MessageContent` with its `action`; null for a change that is not told in the chat. */
  service: optional(bytes),
  serviceRandomId: int64,
} as const
/** A sealed `channelAdminLogEventAction` for the log of administrators; null for what is not logged. */
export const logFields = { log: optional(bytes) } as const

/** What every event has. `answers`: the one of a decision that gives the caller its answer, where no message of it does. */
export const effectFields = {
  byUserId: userId,
  date: int,
  log: optional(bytes),
  /** Grows with time within a chat: the place of the command in the log. */
  logId: long,
  answers: bool,
} as const

/** `before` is the status until then, empty where there was no such member. */
export const memberChange = nested('MemberChange', { before: text, wasIn: bool, member: chatMember })

type FieldOf<F> = F extends Field<infer T> ? T : never
export type ChatInfo = FieldOf<typeof chatInfo>
export type ChatMember = FieldOf<typeof chatMember>
export type MemberChange = FieldOf<typeof memberChange>
