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
import type { PeerId, UserId } from '../ids.ts'

const userId = as<UserId>(long)
const peerId = as<PeerId>(long)

export type AuthKeyChange = 'register' | 'bind' | 'describe' | 'log-in' | 'log-out'
export type UserChange = 'create' | 'profile' | 'username'

/** Commands and events of an auth key, keyed `key:<auth key id>`. `sealedKey` is the 256-byte key, sealed. */
export const RegisterAuthKey = record('RegisterAuthKey', {
  authKeyId: text,
  sealedKey: bytes,
  firstSalt: int64,
  /** Unix seconds; null for a permanent key. */
  expiresAt: optional(int),
})
export const BindAuthKey = record('BindAuthKey', { authKeyId: text, permanentKeyId: text })
/** `client` is a sealed `ClientDescription`. */
export const DescribeAuthKey = record('DescribeAuthKey', {
  authKeyId: text,
  layer: int,
  client: optional(bytes),
})
export const LogInAuthKey = record('LogInAuthKey', { authKeyId: text, userId })
export const LogOutAuthKey = record('LogOutAuthKey', { authKeyId: text })
export const DestroyAuthKey = record('DestroyAuthKey', { authKeyId: text })

/** Event twins; each carries the whole state of the key (without the key itself) that holds after it. */
const authKeyState = {
  authKeyId: text,
  sealedKey: bytes,
  firstSalt: int64,
  expiresAt: optional(int),
  permanentKeyId: optional(text),
  userId: optional(userId),
  layer: optional(int),
  client: optional(bytes),
  /** Unix seconds. */
  createdAt: int,
  loggedInAt: optional(int),
} as const
export const AuthKeyChanged = record('AuthKeyChanged', {
  ...authKeyState,
  /** Which command did it: register, bind, describe, log-in, log-out. */
  change: as<AuthKeyChange>(text),
  /** The user that was logged in before, where a log-out or another log-in ended that. */
  previousUserId: optional(userId),
})
export const AuthKeyDestroyed = record('AuthKeyDestroyed', { authKeyId: text, userId: optional(userId) })

/**
 * Keyed `phone:<hmac of the number>`. The first reservation decides the user id, for ever; a later one is answered by the
 * same event again.
 */
export const ReservePhone = record('ReservePhone', { phoneHmac: text })
export const PhoneReserved = record('PhoneReserved', { phoneHmac: text, userId })

/** Keyed `username:<lower case>`. */
export const ClaimUsername = record('ClaimUsername', { username: text, userId })
export const ReleaseUsername = record('ReleaseUsername', { username: text, userId })
export const UsernameClaimed = record('UsernameClaimed', { username: text, userId })
export const UsernameReleased = record('UsernameReleased', { username: text, userId })

/** Keyed `user:<id>`. `profile` is a sealed `Profile`, whole; `username` stays in clear (it is public). */
export const CreateUser = record('CreateUser', { userId, phoneHmac: text, profile: bytes })
export const UpdateProfile = record('UpdateProfile', { userId, profile: bytes })
export const SetUsername = record('SetUsername', { userId, username: optional(text) })
export const UserChanged = record('UserChanged', {
  userId,
  phoneHmac: text,
  profile: bytes,
  username: optional(text),
  createdAt: int,
  change: as<UserChange>(text),
})

/** `sealed` is a sealed `ContactCard`. At most `MAX_CONTACTS_PER_COMMAND`. */
const contact = nested('ContactEntry', { contactId: userId, sealed: bytes })
export const PutContacts = record('PutContacts', { userId, contacts: list(contact) })
export const DeleteContacts = record('DeleteContacts', { userId, contactIds: list(userId) })
export const ContactsPut = record('ContactsPut', { userId, contacts: list(contact), date: int })
export const ContactsDeleted = record('ContactsDeleted', { userId, contactIds: list(userId) })

export const SetBlocked = record('SetBlocked', { userId, peerId, blocked: bool })
export const BlockedSet = record('BlockedSet', { userId, peerId, blocked: bool, date: int })

/** A draft (`sealed` null removes it) is a sealed `MessageContent`; the reply is this user's own message id. */
export const SaveDraft = record('SaveDraft', {
  userId,
  peerId,
  sealed: optional(bytes),
  replyToMsgId: optional(int),
})
export const DraftSaved = record('DraftSaved', {
  userId,
  peerId,
  sealed: optional(bytes),
  replyToMsgId: optional(int),
  date: int,
})

/**
 * Any other durable setting of an account, by name: `notify:<peer>`, `privacy:<key>`, `pinned-dialogs`, `unread-mark:<peer>`,
 * `global-privacy` … The value is sealed under the user's key; null removes it.
 */
export const PutSetting = record('PutSetting', { userId, name: text, sealed: optional(bytes) })
export const SettingPut = record('SettingPut', { userId, name: text, sealed: optional(bytes) })

export type RegisterAuthKey = RecordOf<typeof RegisterAuthKey>
export type BindAuthKey = RecordOf<typeof BindAuthKey>
export type DescribeAuthKey = RecordOf<typeof DescribeAuthKey>
export type LogInAuthKey = RecordOf<typeof LogInAuthKey>
export type LogOutAuthKey = RecordOf<typeof LogOutAuthKey>
export type DestroyAuthKey = RecordOf<typeof DestroyAuthKey>
export type ReservePhone = RecordOf<typeof ReservePhone>
export type ClaimUsername = RecordOf<typeof ClaimUsername>
export type ReleaseUsername = RecordOf<typeof ReleaseUsername>
export type CreateUser = RecordOf<typeof CreateUser>
export type UpdateProfile = RecordOf<typeof UpdateProfile>
export type SetUsername = RecordOf<typeof SetUsername>
export type PutContacts = RecordOf<typeof PutContacts>
export type DeleteContacts = RecordOf<typeof DeleteContacts>
export type SetBlocked = RecordOf<typeof SetBlocked>
export type SaveDraft = RecordOf<typeof SaveDraft>
export type PutSetting = RecordOf<typeof PutSetting>

export type AuthKeyCommand =
  | RegisterAuthKey
  | BindAuthKey
  | DescribeAuthKey
  | LogInAuthKey
  | LogOutAuthKey
  | DestroyAuthKey
export type UsernameCommand = ClaimUsername | ReleaseUsername
export type UserCommand =
  | CreateUser
  | UpdateProfile
  | SetUsername
  | PutContacts
  | DeleteContacts
  | SetBlocked
  | SaveDraft
  | PutSetting
export type AccountCommand = AuthKeyCommand | ReservePhone | UsernameCommand | UserCommand

export type AuthKeyChanged = RecordOf<typeof AuthKeyChanged>
export type AuthKeyDestroyed = RecordOf<typeof AuthKeyDestroyed>
export type PhoneReserved = RecordOf<typeof PhoneReserved>
export type UsernameClaimed = RecordOf<typeof UsernameClaimed>
export type UsernameReleased = RecordOf<typeof UsernameReleased>
export type UserChanged = RecordOf<typeof UserChanged>
export type ContactsPut = RecordOf<typeof ContactsPut>
export type ContactsDeleted = RecordOf<typeof ContactsDeleted>
export type BlockedSet = RecordOf<typeof BlockedSet>
export type DraftSaved = RecordOf<typeof DraftSaved>
export type SettingPut = RecordOf<typeof SettingPut>
export type AccountEvent =
  | AuthKeyChanged
  | AuthKeyDestroyed
  | PhoneReserved
  | UsernameClaimed
  | UsernameReleased
  | UserChanged
  | ContactsPut
  | ContactsDeleted
  | BlockedSet
  | DraftSaved
  | SettingPut

/** The account in whose name the server itself writes (log-in codes). It has no row, no key and no mailbox. */
export const SERVICE_USER_ID = 777000 as UserId
/** Ids of people start here: above every id that clients give a meaning to, and with as many digits as theirs. */
export const FIRST_USER_ID = 1_000_000_000
/** Ids stay below this; clients pack them into 40 bits. */
export const USER_ID_LIMIT = 2 ** 40
export const MAX_CONTACTS_PER_COMMAND = 500
