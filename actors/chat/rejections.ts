import type { Rejection } from '../runtime/decider.ts'

/** What commands of groups and channels are refused with; codes and names as the protocol's list of errors has them. */

interface Rejected {
  readonly rejected: Rejection
}

export const rejected = (rejection: Rejection): Rejected => ({ rejected: rejection })
const bad = (message: string): Rejected => rejected({ code: 400, message })
const forbidden = (message: string): Rejected => rejected({ code: 403, message })

export const adminsTooMuch = bad('ADMINS_TOO_MUCH')
export const channelPrivate = bad('CHANNEL_PRIVATE')
export const channelTooLarge = bad('CHANNEL_TOO_LARGE')
export const chatAdminRequired = bad('CHAT_ADMIN_REQUIRED')
export const chatAboutNotModified = bad('CHAT_ABOUT_NOT_MODIFIED')
export const chatIdTaken = bad('CHAT_ID_TAKEN')
export const chatLinkExists = bad('CHAT_LINK_EXISTS')
export const chatNotModified = bad('CHAT_NOT_MODIFIED')
export const hideRequesterMissing = bad('HIDE_REQUESTER_MISSING')
export const inviteHashExpired = bad('INVITE_HASH_EXPIRED')
export const inviteHashInvalid = bad('INVITE_HASH_INVALID')
export const invitePermanent = bad('CHAT_INVITE_PERMANENT')
export const inviteRequestSent = bad('INVITE_REQUEST_SENT')
export const inviteRevokedMissing = bad('INVITE_REVOKED_MISSING')
export const linkNotModified = bad('LINK_NOT_MODIFIED')
export const participantInvalid = bad('PARTICIPANT_ID_INVALID')
export const prehistoryHidden = bad('MEGAGROUP_PREHISTORY_HIDDEN')
export const userAdminInvalid = bad('USER_ADMIN_INVALID')
export const userAlreadyParticipant = bad('USER_ALREADY_PARTICIPANT')
export const userCreator = bad('USER_CREATOR')
export const userIdInvalid = bad('USER_ID_INVALID')
export const userKicked = bad('USER_KICKED')
export const userNotParticipant = bad('USER_NOT_PARTICIPANT')
export const usernameNotModified = bad('USERNAME_NOT_MODIFIED')
export const usersTooMuch = bad('USERS_TOO_MUCH')

export const inviteRequired = forbidden('CHAT_ADMIN_INVITE_REQUIRED')
export const rightForbidden = forbidden('RIGHT_FORBIDDEN')
