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
import type { ChatId, PeerId, UserId } from '../ids.ts'
import type { ChangeCollection, CollectionChanged, GrantUsername, UsernameGranted } from './username.ts'

const userId = as<UserId>(long)
const peerId = as<PeerId>(long)

export type AuthKeyChange = 'register' | 'bind' | 'describe' | 'log-in' | 'log-out' | 'active'
export type UserChange = 'create' | 'profile' | 'username' | 'phone' | 'privacy' | 'active' | 'delete'

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
/** The key was used: noted at most once in `ACTIVITY_INTERVAL_SECONDS`. */
export const TouchAuthKey = record('TouchAuthKey', { authKeyId: text })
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
  /** When the key was last known to be used (Unix seconds), to within `ACTIVITY_INTERVAL_SECONDS`. */
  activeAt: optional(int),
} as const
export const AuthKeyChanged = record('AuthKeyChanged', {
  ...authKeyState,
  /** Which command did it: register, bind, describe, log-in, log-out, active. */
  change: as<AuthKeyChange>(text),
  /** The user that was logged in before, where a log-out or another log-in ended that. */
  previousUserId: optional(userId),
})
export const AuthKeyDestroyed = record('AuthKeyDestroyed', { authKeyId: text, userId: optional(userId) })

/**
 * Keyed `phone:<hmac of the number>`. The first reservation decides the user id, until the number is released; a later one is
 * answered by the same event again.
 */
export const ReservePhone = record('ReservePhone', { phoneHmac: text })
/**
 * An existing user takes the number. `replaces` is an id that was reserved for it, where no account has been made of that: the
 * number of another account cannot be taken.
 */
export const ClaimPhone = record('ClaimPhone', { phoneHmac: text, userId, replaces: optional(userId) })
/** Frees the number where it is this user's. */
export const ReleasePhone = record('ReleasePhone', { phoneHmac: text, userId })
/** Somebody has the number in an address book and wants to hear when it gets an account. */
export const AwaitPhone = record('AwaitPhone', { phoneHmac: text, userId })
export const PhoneReserved = record('PhoneReserved', { phoneHmac: text, userId })
export const PhoneReleased = record('PhoneReleased', { phoneHmac: text, userId })
export const PhoneAwaited = record('PhoneAwaited', { phoneHmac: text, userId, date: int })

/** Keyed `username:<lower case>`. */
export const ClaimUsername = record('ClaimUsername', { username: text, userId })
export const ReleaseUsername = record('ReleaseUsername', { username: text, userId })
export const UsernameClaimed = record('UsernameClaimed', { username: text, userId })
export const UsernameReleased = record('UsernameReleased', { username: text, userId })

/** Keyed `user:<id>`. `profile` is a sealed `Profile`, whole; `username` stays in clear (it is public). */
export const CreateUser = record('CreateUser', { userId, phoneHmac: text, profile: bytes })
export const UpdateProfile = record('UpdateProfile', { userId, profile: bytes })
export const SetUsername = record('SetUsername', { userId, username: optional(text) })
/** Another number; `profile` names it too. */
export const ChangePhone = record('ChangePhone', { userId, phoneHmac: text, profile: bytes })
/**
 * `privacy` is a sealed `Privacy`, whole; `previous` is what the writer changed, so that nobody's change is lost. `name` says
 * what was changed.
 */
export const SetPrivacy = record('SetPrivacy', {
  userId,
  privacy: bytes,
  previous: optional(bytes),
  name: text,
})
/** The account was used: noted at most once in `ACTIVITY_INTERVAL_SECONDS`. */
export const TouchUser = record('TouchUser', { userId })
/** Ends the account. With `idleSince` only if it has not been used since then (Unix seconds). */
export const DeleteUser = record('DeleteUser', { userId, idleSince: optional(int) })
export const UserChanged = record('UserChanged', {
  userId,
  phoneHmac: text,
  profile: bytes,
  username: optional(text),
  createdAt: int,
  change: as<UserChange>(text),
  privacy: optional(bytes),
  /** When the account was last known to be used (Unix seconds). */
  activeAt: optional(int),
  /** When it was deleted; profile and privacy are empty then. */
  deletedAt: optional(int),
  /** phone, delete: the number that it had until now, which is to be freed. delete: the name likewise. */
  formerPhoneHmac: optional(text),
  formerUsername: optional(text),
  /** privacy: what was changed. */
  changed: optional(text),
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

/** How far the user has read a channel, or cleared it for itself; a mark that is null stays. Marks only go forward. */
export const MarkChannel = record('MarkChannel', {
  userId,
  chatId: as<ChatId>(text),
  readSeq: optional(int),
  clearedSeq: optional(int),
})
export const ChannelMarked = record('ChannelMarked', {
  userId,
  chatId: as<ChatId>(text),
  readSeq: int,
  clearedSeq: int,
  date: int,
})

export type RegisterAuthKey = RecordOf<typeof RegisterAuthKey>
export type BindAuthKey = RecordOf<typeof BindAuthKey>
export type DescribeAuthKey = RecordOf<typeof DescribeAuthKey>
export type LogInAuthKey = RecordOf<typeof LogInAuthKey>
export type LogOutAuthKey = RecordOf<typeof LogOutAuthKey>
export type DestroyAuthKey = RecordOf<typeof DestroyAuthKey>
export type TouchAuthKey = RecordOf<typeof TouchAuthKey>
export type ReservePhone = RecordOf<typeof ReservePhone>
export type ClaimPhone = RecordOf<typeof ClaimPhone>
export type ReleasePhone = RecordOf<typeof ReleasePhone>
export type AwaitPhone = RecordOf<typeof AwaitPhone>
export type ClaimUsername = RecordOf<typeof ClaimUsername>
export type ReleaseUsername = RecordOf<typeof ReleaseUsername>
export type CreateUser = RecordOf<typeof CreateUser>
export type UpdateProfile = RecordOf<typeof UpdateProfile>
export type SetUsername = RecordOf<typeof SetUsername>
export type ChangePhone = RecordOf<typeof ChangePhone>
export type SetPrivacy = RecordOf<typeof SetPrivacy>
export type TouchUser = RecordOf<typeof TouchUser>
export type DeleteUser = RecordOf<typeof DeleteUser>
export type PutContacts = RecordOf<typeof PutContacts>
export type DeleteContacts = RecordOf<typeof DeleteContacts>
export type SetBlocked = RecordOf<typeof SetBlocked>
export type SaveDraft = RecordOf<typeof SaveDraft>
export type PutSetting = RecordOf<typeof PutSetting>
export type MarkChannel = RecordOf<typeof MarkChannel>
export type ChannelMarked = RecordOf<typeof ChannelMarked>

export type AuthKeyCommand =
  | RegisterAuthKey
  | BindAuthKey
  | DescribeAuthKey
  | LogInAuthKey
  | LogOutAuthKey
  | DestroyAuthKey
  | TouchAuthKey
export type PhoneCommand = ReservePhone | ClaimPhone | ReleasePhone | AwaitPhone
export type UsernameCommand = ClaimUsername | ReleaseUsername | GrantUsername
export type UserCommand =
  | CreateUser
  | UpdateProfile
  | SetUsername
  | ChangePhone
  | SetPrivacy
  | TouchUser
  | DeleteUser
  | PutContacts
  | DeleteContacts
  | SetBlocked
  | SaveDraft
  | PutSetting
  | MarkChannel
export type AccountCommand = AuthKeyCommand | PhoneCommand | UsernameCommand | ChangeCollection | UserCommand

export type AuthKeyChanged = RecordOf<typeof AuthKeyChanged>
export type AuthKeyDestroyed = RecordOf<typeof AuthKeyDestroyed>
export type PhoneReserved = RecordOf<typeof PhoneReserved>
export type PhoneReleased = RecordOf<typeof PhoneReleased>
export type PhoneAwaited = RecordOf<typeof PhoneAwaited>
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
  | PhoneReleased
  | PhoneAwaited
  | UsernameClaimed
  | UsernameReleased
  | UsernameGranted
  | CollectionChanged
  | UserChanged
  | ContactsPut
  | ContactsDeleted
  | BlockedSet
  | DraftSaved
  | SettingPut
  | ChannelMarked

/** The account in whose name the server itself writes (log-in codes). It has no row, no key and no mailbox. */
export const SERVICE_USER_ID = 777000 as UserId
/** Ids of people start here: above every id that clients give a meaning to, and with as many digits as theirs. */
export const FIRST_USER_ID = 1_000_000_000
/** Ids stay below this; clients pack them into 40 bits. */
export const USER_ID_LIMIT = 2 ** 40
export const MAX_CONTACTS_PER_COMMAND = 500
/** How finely it is noted when keys and accounts were last used. */
export const ACTIVITY_INTERVAL_SECONDS = 24 * 3600
