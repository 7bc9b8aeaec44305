import {
  as,
  bool,
  bytes,
  int,
  list,
  long,
  nested,
  optional,
  type RecordOf,
  record,
  text,
  withDefault,
} from '../dsl.ts'
import type { ChatId, MessageId, MessageSeq, PeerId, UserId } from '../ids.ts'
import { messageExtra } from './message-extra.ts'

const userId = as<UserId>(long)
const peerId = as<PeerId>(long)
const seq = as<MessageSeq>(int)
const msgId = as<MessageId>(int)

/** Messages of the bus (Redis pub/sub). They may be lost at any time; nothing durable depends on them. */

/** To `gateway:<node>`: the answer to the waiting call `request`. Exactly one of the bodies is set, or none for a bare yes. */
export const Reply = record('Reply', {
  request: long,
  error: optional(nested('ReplyError', { code: int, message: text })),
  /** Of the notification actor: what the caller's mailbox counted. `msgId` is 0 where no message is meant, `expiresAt` where it stays. */
  mailbox: optional(
    nested('MailboxAnswer', {
      msgId,
      seq,
      date: int,
      pts: int,
      ptsCount: int,
      expiresAt: withDefault(int, 0),
    }),
  ),
  /** Of the message actor, for a channel: what the caller's command did there. `seq` is 0 where no message is meant. */
  channel: optional(nested('ChannelAnswer', { seq, date: int, pts: int, ptsCount: int })),
  /** Of the account actor: the user id that a phone number has. */
  userId: optional(userId),
  /** Of the media actor: the blob that a content belongs in, and whether it is there already. */
  content: optional(nested('ContentAnswer', { generation: long, stored: bool })),
})

/** To `user:<id>`: a change of the mailbox, as `mailbox_updates` keeps it too. `origin` is the session that caused it. */
export const MailboxUpdate = record('MailboxUpdate', {
  userId,
  pts: int,
  ptsCount: int,
  date: int,
  /** message, edit, delete, read-in, read-out */
  kind: text,
  peerId,
  msgId,
  seq,
  senderId: userId,
  out: bool,
  silent: bool,
  messageDate: int,
  editDate: int,
  replyToMsgId: msgId,
  /** delete: the ids. */
  msgIds: list(msgId),
  /** read-in: what is still unread. */
  unread: int,
  /** message, edit: the body. */
  sealed: bytes,
  origin: bytes,
  /** When the command behind it was given, in milliseconds since 1970; 0 where that is not known. */
  causedMs: withDefault(long, 0),
  /** W3C `traceparent` of the step that published it. */
  trace: optional(text),
  mentioned: withDefault(bool, false),
  expiresAt: withDefault(int, 0),
})

/**
 * To `chat:<chat id>`: something happened in a channel (as `channel_updates` keeps it too, where `pts` is not 0), or to a group
 * or channel itself. Published once, whoever hears it.
 */
export const ChatUpdate = record('ChatUpdate', {
  chatId: as<ChatId>(text),
  /**
   * With pts: message, edit, delete, pin, unpin. Without: info (read the chat again), members (`userIds` are those who
   * changed), read-out (`seq`), and what features add.
   */
  kind: text,
  pts: int,
  ptsCount: int,
  date: int,
  seq,
  /** delete, pin, unpin and the like. */
  seqs: list(seq),
  senderId: userId,
  silent: bool,
  messageDate: int,
  editDate: int,
  replyToSeq: optional(seq),
  sealed: bytes,
  extra: optional(messageExtra),
  expiresAt: int,
  /** Whom it is about or aimed at: mentions, changed members. */
  userIds: list(userId),
  /** A TL value that a feature needs, of the newest layer. */
  data: optional(bytes),
  /** The session that caused it. */
  origin: bytes,
  causedMs: withDefault(long, 0),
  trace: optional(text),
})
/** To `chat:<chat id>`: somebody types; `fromPeerId` may be a channel. */
export const ChatTyping = record('ChatTyping', {
  chatId: as<ChatId>(text),
  fromPeerId: peerId,
  /** The thread or topic; 0 none. */
  threadSeq: int,
  action: bytes,
})

/** To `user:<id>`: something of the account changed; sessions but `origin` are told. */
export const AccountUpdate = record('AccountUpdate', {
  userId,
  /**
   * draft, contacts, blocked, setting, user, authorization, chat (this user came into the chat `peerId`, left it, or has other
   * rights in it), channel-read (it read `peerId`); between gateways, with the node as name: departed (the user's
   * last connection there has ended), held (there is one here)
   */
  kind: text,
  peerId,
  /** setting: its name. authorization: the auth key. */
  name: text,
  origin: bytes,
})
/** To `user:<id>`: typing and the like; `action` is a TL SendMessageAction of the newest layer. */
export const Typing = record('Typing', { userId, fromUserId: userId, action: bytes })
/**
 * To `user:<id>`, or `auth-keys` where nobody is logged in on it: an auth key logged in, was logged out or destroyed; gateways
 * end its sessions or attach them.
 */
export const AuthKeySignal = record('AuthKeySignal', {
  authKeyId: text,
  change: text,
  userId: optional(userId),
})
/** To `presence:<id>`: `expires` > 0 is online until then (Unix seconds), otherwise offline since `wasOnline`. */
export const Presence = record('Presence', { userId, expires: int, wasOnline: int })
/**
 * To `presence:<id>`: something that others see changed; those who show the user read it again. `change` is that of the
 * `UserChanged` behind it.
 */
export const ProfileChanged = record('ProfileChanged', { userId, change: withDefault(text, '') })

type ReplyValue = RecordOf<typeof Reply>
/** Those of the media actor alone name a content. */
export type Reply = Omit<ReplyValue, 'content'> & Partial<Pick<ReplyValue, 'content'>>
/** What the runtime adds as it publishes may be left out by those who write. */
type Added = 'causedMs' | 'trace'
type MailboxValue = RecordOf<typeof MailboxUpdate>
export type MailboxUpdate = Omit<MailboxValue, Added> & Partial<Pick<MailboxValue, Added>>
type ChatUpdateValue = RecordOf<typeof ChatUpdate>
export type ChatUpdate = Omit<ChatUpdateValue, Added> & Partial<Pick<ChatUpdateValue, Added>>
export type ChatTyping = RecordOf<typeof ChatTyping>
export type AccountUpdate = RecordOf<typeof AccountUpdate>
export type Typing = RecordOf<typeof Typing>
export type AuthKeySignal = RecordOf<typeof AuthKeySignal>
export type Presence = RecordOf<typeof Presence>
export type ProfileChanged = RecordOf<typeof ProfileChanged>
export type BusRecord =
  | Reply
  | MailboxUpdate
  | ChatUpdate
  | ChatTyping
  | AccountUpdate
  | Typing
  | AuthKeySignal
  | Presence
  | ProfileChanged
