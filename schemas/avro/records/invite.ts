import { bool, bytes, int, list, nested, optional, type RecordOf, record, text } from '../dsl.ts'
import { chatId, effectFields, logFields, serviceFields, userId } from './group-info.ts'

/** Invite links of groups and channels, and requests to join: records of `chat.commands` and `chat.events`. */

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
export type ChatInvite = RecordOf<typeof PutInvite>['invite']
export type PutInvite = RecordOf<typeof PutInvite>
export type DeleteInvites = RecordOf<typeof DeleteInvites>
export type AnswerRequests = RecordOf<typeof AnswerRequests>
export type InvitePut = RecordOf<typeof InvitePut>
export type InvitesDeleted = RecordOf<typeof InvitesDeleted>
export type JoinRequested = RecordOf<typeof JoinRequested>
export type RequestsAnswered = RecordOf<typeof RequestsAnswered>
export type InviteCommand = PutInvite | DeleteInvites | AnswerRequests
export type InviteEvent = InvitePut | InvitesDeleted | JoinRequested | RequestsAnswered
