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

/** What stands inside sealed payloads: never in clear in a topic, a table or a cache. */

/** `kind` is the TL constructor's name without `messageEntity` (`Bold`, `TextUrl`, …). Offsets count UTF-16 code units. */
const entity = nested('Entity', {
  kind: text,
  offset: int,
  length: int,
  /** TextUrl: url. Pre: language. FormattedDate and other text arguments. */
  argument: optional(text),
  /** MentionName. */
  userId: optional(userId),
  /** CustomEmoji. */
  documentId: optional(int64),
  /** Blockquote: collapsed. */
  collapsed: bool,
})

/** Where a forwarded message comes from. */
const forward = nested('Forward', {
  fromUserId: optional(userId),
  fromName: optional(text),
  date: int,
  /** Saved Messages: the chat it was saved from, as the saver's peer, and its id there. */
  savedFromPeerId: optional(long),
  savedFromMsgId: optional(int),
  /** The channel that it was posted in, as a peer, and its id there. */
  fromPeerId: optional(as<PeerId>(long)),
  channelPost: optional(int),
  postAuthor: optional(text),
})

const quote = nested('Quote', { text: text, entities: list(entity), offset: optional(int) })

export const MessageContent = record('MessageContent', {
  text,
  entities: list(entity),
  forward: optional(forward),
  quote: optional(quote),
  /** `noforwards`, inverted media and the like, by TL field name. */
  flags: list(text),
  /** A media value (contact, location, …) as TL bytes of the newest layer at the time of writing; null for text. */
  media: optional(bytes),
  groupedId: optional(int64),
  /** Of a service message: a TL `MessageAction`. */
  action: optional(bytes),
  /** Signature of a channel's post. */
  postAuthor: optional(text),
  viaBotId: optional(userId),
  /** An answer to a message of another chat: a TL `messageReplyHeader`. */
  replyElsewhere: optional(bytes),
})
/** Of a group or channel, under its own data key; `photo` is a TL `Photo`. */
export const ChatProfile = record('ChatProfile', {
  title: text,
  about: text,
  photo: optional(bytes),
  /** A TL `PeerColor`, and that of the profile. */
  color: optional(bytes),
  profileColor: optional(bytes),
  emoticon: optional(text),
  /** Sets of stickers and of custom emoji that members may use there, by their ids. */
  stickers: optional(int64),
  emojiStickers: optional(int64),
  /** What the page of a channel begins with: the name of a TL `ProfileTab`. */
  mainTab: optional(text),
})
export const Profile = record('Profile', {
  firstName: text,
  lastName: text,
  about: text,
  /** Digits only, international. */
  phone: text,
  birthday: optional(nested('Birthday', { day: int, month: int, year: optional(int) })),
  /** `PeerColor` of the name and of the profile page, and `EmojiStatus`, as TL bytes of the newest layer at the time. */
  color: optional(bytes),
  profileColor: optional(bytes),
  emojiStatus: optional(bytes),
  /** A TL `Photo`, and that for those who may not see it. */
  photo: optional(bytes),
  fallbackPhoto: optional(bytes),
})
export const ContactCard = record('ContactCard', {
  firstName: text,
  lastName: text,
  phone: text,
  note: optional(text),
  /** The picture that the owner has given the contact, for itself: an encoded `photo`. */
  photo: optional(bytes),
})
export const ClientDescription = record('ClientDescription', {
  apiId: int,
  deviceModel: text,
  systemVersion: text,
  appVersion: text,
  systemLangCode: text,
  langPack: text,
  langCode: text,
  address: text,
})

export type MessageContent = RecordOf<typeof MessageContent>
type ChatProfileValue = RecordOf<typeof ChatProfile>
type ChatLooks = 'stickers' | 'emojiStickers' | 'mainTab'
/** Those who write may leave out what a chat has not chosen. */
export type ChatProfile = Omit<ChatProfileValue, ChatLooks> & Partial<Pick<ChatProfileValue, ChatLooks>>
type ProfileValue = RecordOf<typeof Profile>
type Photos = 'photo' | 'fallbackPhoto'
/** Those who write may leave photos out where there are none. */
export type Profile = Omit<ProfileValue, Photos> & Partial<Pick<ProfileValue, Photos>>
type CardValue = RecordOf<typeof ContactCard>
export type ContactCard = Omit<CardValue, 'photo'> & Partial<Pick<CardValue, 'photo'>>
export type ClientDescription = RecordOf<typeof ClientDescription>
