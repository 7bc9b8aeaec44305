import {
  as,
  bool,
  bytes,
  int,
  int64,
  list,
  long,
  nested,
  optional,
  type RecordOf,
  record,
  text,
} from '../dsl.ts'
import type { ChatId, MessageSeq, PeerId, UserId } from '../ids.ts'

/** What happens to groups and channels themselves: records of `chat.commands` and `chat.events` beside those of messages. */

const chatId = as<ChatId>(text)
const userId = as<UserId>(long)
const peerId = as<PeerId>(long)
const seq = as<MessageSeq>(int)

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
  | 'deactivated'
/** `restricted` members may be in the chat (with `banned` rights) or not, as `isIn` says. */
export type MemberStatus = 'creator' | 'admin' | 'member' | 'restricted' | 'left' | 'kicked'

/** A group or channel but for its members and messages. Rights are bit sets: `schemas/avro/rights`. */
const chatInfo = nested('ChatInfo', {
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
const chatMember = nested('ChatMember', {
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
const serviceFields = {
  /** A sealed `MessageContent` with its `action`; null for a change that is not told in the chat. */
  service: optional(bytes),
  serviceRandomId: int64,
} as const
/** A sealed `channelAdminLogEventAction` for the log of administrators; null for what is not logged. */
const logFields = { log: optional(bytes) } as const

/** A new group or channel. Rejected with CHAT_ID_TAKEN where there is one: the caller draws another number. */
export const CreateChat = record('CreateChat', {
  chatId,
  creatorId: userId,
  kind: as<GroupKind>(text),
  profile: bytes,
  flags: list(as<ChatFlag>(text)),
  ttlSeconds: int,
  /** Basic groups: who else is in it from the start. */
  memberIds: list(userId),
  migratedFrom: optional(chatId),
  migratedMaxSeq: int,
  ...serviceFields,
})

/** Changes of a chat that its administrators make; a field that is null stays as it is. `change` tells which right it needs. */
export const EditChat = record('EditChat', {
  chatId,
  byUserId: userId,
  /**
   * title, about, photo, username, default-banned, slow-mode, ttl, linked, flags, reactions, theme, color, stickers,
   * location; for `linked` both chats get one.
   */
  change: text,
  profile: optional(bytes),
  /** Empty for none. */
  username: optional(text),
  setFlags: list(as<ChatFlag>(text)),
  clearFlags: list(as<ChatFlag>(text)),
  defaultBanned: optional(int),
  slowModeSeconds: optional(int),
  ttlSeconds: optional(int),
  /** Empty for none. */
  linkedChatId: optional(chatId),
  reactions: optional(list(text)),
  /** All reactions may be used. */
  allReactions: bool,
  reactionsLimit: optional(int),
  /** Photos and documents that it refers to from now on. */
  files: list(int64),
  ...serviceFields,
  ...logFields,
})

/** A user comes by itself: by a public name, or by an invite link (`invite`), which may want a request. */
export const JoinChat = record('JoinChat', {
  chatId,
  userId,
  invite: optional(text),
  ...serviceFields,
  ...logFields,
})
/** `byUserId` brings others in; `forwardLimit` is how many of the last messages of a basic group they get. */
export const AddMembers = record('AddMembers', {
  chatId,
  byUserId: userId,
  userIds: list(userId),
  forwardLimit: int,
  ...serviceFields,
  ...logFields,
})
export const LeaveChat = record('LeaveChat', { chatId, userId, ...serviceFields, ...logFields })
/** `rights` 0 demotes. */
export const SetAdmin = record('SetAdmin', {
  chatId,
  byUserId: userId,
  userId,
  rights: int,
  rank: optional(bytes),
  ...serviceFields,
  ...logFields,
})
/** `banned` 0 lifts all; with the bit of viewing messages set the member is removed. */
export const SetBanned = record('SetBanned', {
  chatId,
  byUserId: userId,
  peerId,
  banned: int,
  untilDate: int,
  ...serviceFields,
  ...logFields,
})
export const TransferChat = record('TransferChat', {
  chatId,
  byUserId: userId,
  toUserId: userId,
  ...logFields,
})
export const DeleteChat = record('DeleteChat', { chatId, byUserId: userId })
/** From the actor of `fromChatId`, which is not linked to this chat any more. */
export const UnlinkChat = record('UnlinkChat', { chatId, fromChatId: chatId })
/**
 * A basic group becomes the supergroup `toChatId`, which it makes itself (a `CreateChat` and its members follow from the
 * event). `profile` and `toService` are sealed for the supergroup.
 */
export const MigrateChat = record('MigrateChat', {
  chatId,
  byUserId: userId,
  toChatId: chatId,
  profile: bytes,
  toService: bytes,
  ...serviceFields,
})
/** What the supergroup gets from a group that migrates: everybody at once. Comes from the group's actor only. */
export const AdoptMembers = record('AdoptMembers', {
  chatId,
  members: list(chatMember),
  defaultBanned: int,
  reactions: optional(list(text)),
  reactionsLimit: int,
  files: list(int64),
})

/** An invite link, whole. `title` is sealed. */
const chatInvite = nested('ChatInvite', {
  hash: text,
  adminId: userId,
  title: optional(bytes),
  date: int,
  startDate: int,
  /** 0 never. */
  expireDate: int,
  /** 0 no limit. */
  usageLimit: int,
  usage: int,
  requested: int,
  requestNeeded: bool,
  revoked: bool,
  permanent: bool,
})
/**
 * Makes a link, or changes the one with this hash (what it counts, its date and owner stay); with `permanent` a new one
 * replaces the administrator's earlier permanent one, which is revoked.
 */
export const PutInvite = record('PutInvite', { chatId, byUserId: userId, invite: chatInvite, ...logFields })
export const DeleteInvites = record('DeleteInvites', {
  chatId,
  byUserId: userId,
  adminId: userId,
  hashes: list(text),
})
/** An administrator lets in or turns away those who asked. */
export const AnswerRequests = record('AnswerRequests', {
  chatId,
  byUserId: userId,
  userIds: list(userId),
  /** Hashes of the links that they came by, each once: those that are named count who has come. */
  invites: list(text),
  approved: bool,
  ...serviceFields,
  ...logFields,
})

/** Events. `answers`: the one of a decision that gives the caller its answer, where no message of it does. */
const effectFields = {
  byUserId: userId,
  date: int,
  log: optional(bytes),
  /** Grows with time within a chat: the place of the command in the log. */
  logId: long,
  answers: bool,
} as const
export const ChatChanged = record('ChatChanged', {
  chatId,
  info: chatInfo,
  /** delete, migrate, unlink, or as in `EditChat`. */
  change: text,
  /** Photos and documents that it refers to from now on, and no more. */
  files: list(int64),
  lostFiles: list(int64),
  /** A public name that it gave up. */
  formerUsername: optional(text),
  /** The chat that it was linked to and is not any more. */
  formerLinkedChatId: optional(chatId),
  /** migrate: what the supergroup begins with. */
  migration: optional(
    nested('Migration', { profile: bytes, service: bytes, serviceRandomId: int64, maxSeq: int }),
  ),
  ...effectFields,
})
/** `before` is the status until then, empty where there was no such member. */
const memberChange = nested('MemberChange', { before: text, wasIn: bool, member: chatMember })
export const MembersChanged = record('MembersChanged', {
  chatId,
  info: chatInfo,
  changes: list(memberChange),
  /** create, join, add, leave, admin, ban, transfer, request, adopt */
  change: text,
  ...effectFields,
})
/**
 * `replaced` is a permanent link that it takes the place of, as it is then. `leavesPlace`: it was its administrator's permanent
 * link, and there is none now.
 */
export const InvitePut = record('InvitePut', {
  chatId,
  invite: chatInvite,
  replaced: optional(chatInvite),
  leavesPlace: bool,
  ...effectFields,
})
export const InvitesDeleted = record('InvitesDeleted', {
  chatId,
  adminId: userId,
  hashes: list(text),
  ...effectFields,
})
/** Somebody asked to join by a link that wants that; `invite` empty where it asked for the public chat. */
export const JoinRequested = record('JoinRequested', { chatId, userId, invite: text, ...effectFields })
/** `invites`: the link of each of `userIds`, empty where it asked for the public chat. */
export const RequestsAnswered = record('RequestsAnswered', {
  chatId,
  userIds: list(userId),
  invites: list(text),
  approved: bool,
  ...effectFields,
})
/** The read mark that senders see: how far the two readers who are furthest have read. */
export const OutboxRead = record('OutboxRead', {
  chatId,
  topReaderId: userId,
  topReadSeq: seq,
  secondReadSeq: seq,
  date: int,
})
/** To the actor of a channel: `readerId` has read further than any other member. */
export const RaiseRead = record('RaiseRead', { chatId, readerId: userId, upToSeq: seq })

export type ChatInfo = RecordOf<typeof ChatChanged>['info']
export type ChatMember = RecordOf<typeof AdoptMembers>['members'][number]
export type ChatInvite = RecordOf<typeof PutInvite>['invite']
export type MemberChange = RecordOf<typeof MembersChanged>['changes'][number]

export type CreateChat = RecordOf<typeof CreateChat>
export type EditChat = RecordOf<typeof EditChat>
export type JoinChat = RecordOf<typeof JoinChat>
export type AddMembers = RecordOf<typeof AddMembers>
export type LeaveChat = RecordOf<typeof LeaveChat>
export type SetAdmin = RecordOf<typeof SetAdmin>
export type SetBanned = RecordOf<typeof SetBanned>
export type TransferChat = RecordOf<typeof TransferChat>
export type DeleteChat = RecordOf<typeof DeleteChat>
export type UnlinkChat = RecordOf<typeof UnlinkChat>
export type MigrateChat = RecordOf<typeof MigrateChat>
export type AdoptMembers = RecordOf<typeof AdoptMembers>
export type PutInvite = RecordOf<typeof PutInvite>
export type DeleteInvites = RecordOf<typeof DeleteInvites>
export type AnswerRequests = RecordOf<typeof AnswerRequests>
export type RaiseRead = RecordOf<typeof RaiseRead>
export type GroupCommand =
  | CreateChat
  | EditChat
  | JoinChat
  | AddMembers
  | LeaveChat
  | SetAdmin
  | SetBanned
  | TransferChat
  | DeleteChat
  | UnlinkChat
  | MigrateChat
  | AdoptMembers
  | PutInvite
  | DeleteInvites
  | AnswerRequests
  | RaiseRead

export type ChatChanged = RecordOf<typeof ChatChanged>
export type MembersChanged = RecordOf<typeof MembersChanged>
export type InvitePut = RecordOf<typeof InvitePut>
export type InvitesDeleted = RecordOf<typeof InvitesDeleted>
export type JoinRequested = RecordOf<typeof JoinRequested>
export type RequestsAnswered = RecordOf<typeof RequestsAnswered>
export type OutboxRead = RecordOf<typeof OutboxRead>
export type GroupEvent =
  | ChatChanged
  | MembersChanged
  | InvitePut
  | InvitesDeleted
  | JoinRequested
  | RequestsAnswered
  | OutboxRead

/** Larger channels cannot be deleted by their creator. */
export const MAX_DELETED_CHAT_MEMBERS = 1000
/** Administrators of a chat, the creator included. */
export const MAX_ADMINS = 51
export const MAX_GROUP_MEMBERS = 200
export const MAX_SUPERGROUP_MEMBERS = 200_000
/** Members that one command brings in. */
export const MAX_ADDED_PER_COMMAND = 200
