import {
  as,
  bool,
  bytes,
  int,
  int64,
  list,
  nested,
  optional,
  type RecordOf,
  record,
  text,
  withDefault,
} from '../dsl.ts'
import {
  type ChatFlag,
  chatId,
  chatInfo,
  chatMember,
  effectFields,
  type GroupKind,
  logFields,
  memberChange,
  peerId,
  seq,
  serviceFields,
  userId,
} from './group-info.ts'
import type { InviteCommand, InviteEvent } from './invite.ts'

/** What happens to groups and channels themselves: records of `chat.commands` and `chat.events` beside those of messages. */

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
   * title, about, photo, username, usernames (given names, kept by another actor), default-banned, slow-mode, ttl, linked, flags,
   * reactions, theme, color, stickers, main-tab, location; for `linked` both chats get one.
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
/**
 * `byUserId` brings others in; `forwardLimit` is how many of the last messages of a basic group they get. `forwardSeqs` are
 * those messages, of which `byUserId` has to have each itself; at most `MAX_HANDED_MESSAGES`, in their order.
 */
export const AddMembers = record('AddMembers', {
  chatId,
  byUserId: userId,
  userIds: list(userId),
  forwardLimit: int,
  ...serviceFields,
  ...logFields,
  forwardSeqs: withDefault(list(seq), []),
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

/** Events. */
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
export const MembersChanged = record('MembersChanged', {
  chatId,
  info: chatInfo,
  changes: list(memberChange),
  /** create, join, add, leave, admin, ban, transfer, request, adopt */
  change: text,
  ...effectFields,
})
/** A message of a basic group as it is handed on; `keptBy` have it after that, `previousSeq` is the one before it that they got. */
const handedMessage = nested('HandedMessage', {
  seq,
  senderId: userId,
  date: int,
  silent: bool,
  replyToSeq: optional(seq),
  sealed: bytes,
  expiresAt: int,
  keptBy: list(userId),
  previousSeq: seq,
})
/** Who comes into a basic group gets some of its last messages, in their order. */
export const MessagesHanded = record('MessagesHanded', {
  chatId,
  userId,
  messages: list(handedMessage),
  date: int,
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

export type CreateChat = RecordOf<typeof CreateChat>
export type EditChat = RecordOf<typeof EditChat>
export type JoinChat = RecordOf<typeof JoinChat>
type AddMembersValue = RecordOf<typeof AddMembers>
export type AddMembers = Omit<AddMembersValue, 'forwardSeqs'> & Partial<Pick<AddMembersValue, 'forwardSeqs'>>
export type LeaveChat = RecordOf<typeof LeaveChat>
export type SetAdmin = RecordOf<typeof SetAdmin>
export type SetBanned = RecordOf<typeof SetBanned>
export type TransferChat = RecordOf<typeof TransferChat>
export type DeleteChat = RecordOf<typeof DeleteChat>
export type UnlinkChat = RecordOf<typeof UnlinkChat>
export type MigrateChat = RecordOf<typeof MigrateChat>
export type AdoptMembers = RecordOf<typeof AdoptMembers>
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
  | InviteCommand
  | RaiseRead

export type ChatChanged = RecordOf<typeof ChatChanged>
export type MembersChanged = RecordOf<typeof MembersChanged>
export type MessagesHanded = RecordOf<typeof MessagesHanded>
export type HandedMessage = MessagesHanded['messages'][number]
export type OutboxRead = RecordOf<typeof OutboxRead>
export type GroupEvent = ChatChanged | MembersChanged | MessagesHanded | InviteEvent | OutboxRead

/** What an `EditChat` that changes nothing has. */
export const UNCHANGED_CHAT: Omit<
  EditChat,
  'type' | 'chatId' | 'byUserId' | 'change' | 'service' | 'serviceRandomId' | 'log'
> = {
  profile: null,
  username: null,
  setFlags: [],
  clearFlags: [],
  defaultBanned: null,
  slowModeSeconds: null,
  ttlSeconds: null,
  linkedChatId: null,
  reactions: null,
  allReactions: false,
  reactionsLimit: null,
  files: [],
}

/** Larger channels cannot be deleted by their creator. */
export const MAX_DELETED_CHAT_MEMBERS = 1000
/** Administrators of a chat, the creator included. */
export const MAX_ADMINS = 51
export const MAX_GROUP_MEMBERS = 200
export const MAX_SUPERGROUP_MEMBERS = 200_000
/** Messages that somebody who comes into a basic group gets, and what their bodies may weigh together. */
export const MAX_HANDED_MESSAGES = 100
export const MAX_HANDED_BYTES = 256 * 1024
/** Members that one command brings in. */
export const MAX_ADDED_PER_COMMAND = 200
