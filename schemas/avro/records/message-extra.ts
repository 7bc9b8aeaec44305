import { as, bool, bytes, type Field, int, int64, list, long, nested, optional, text } from '../dsl.ts'
import type { ChatId, MessageSeq, PeerId, UserId } from '../ids.ts'

const chatId = as<ChatId>(text)
const userId = as<UserId>(long)
const seq = as<MessageSeq>(int)

/** Of the note that begins the chat with somebody new: it is for the other member alone. */
export const CONTACT_SIGN_UP_KIND = 'contactSignUp'

/** What must be known of a poll without opening its message. `correct` are the indices of right answers of a quiz. */
export const pollFacts = nested('PollFacts', {
  pollId: int64,
  /** Opaque option bytes, in order. */
  options: list(bytes),
  multiple: bool,
  quiz: bool,
  publicVoters: bool,
  /** A vote stands. */
  noRevote: bool,
  /** What has been voted is seen once the poll is closed. */
  hiddenResults: bool,
  correct: list(int),
  /** Unix seconds; 0 none. In commands a number of seconds up to `MAX_POLL_SECONDS` counts from when the message is sent. */
  closeDate: int,
})

/** The message in another chat that this one is a copy of; where it says so, body and key are those of that chat. */
const copyOf = nested('CopyOf', { chatId, seq, sealedThere: bool })

/**
 * What must be known of a message without opening it, beyond what every message has; null for a plain text in a private
 * chat without any of it.
 */
export const messageExtra = nested('MessageExtra', {
  /** Users named in the text, the author of the answered message not among them. */
  mentions: list(userId),
  /** What it is, by the lower-camel names of `gateway/rpc/messages/kinds`: photo, video, document, url, poll, … */
  kinds: list(text),
  /** Ids of photos and documents that it refers to. */
  files: list(int64),
  poll: optional(pollFacts),
  /** The first message of the thread or topic that it belongs to. */
  threadSeq: optional(seq),
  /** The chat in whose name it is sent: a channel, or the group itself for anonymous administrators. */
  postAs: optional(as<PeerId>(long)),
  groupedId: optional(int64),
  copyOf: optional(copyOf),
  /** Says what happened in the chat; made by a command of the chat, and by `SendMessage` for a note of a sign-up alone. */
  service: bool,
  noForwards: bool,
})

type FieldOf<F> = F extends Field<infer T> ? T : never
export type MessageExtra = FieldOf<typeof messageExtra>
export type PollFacts = NonNullable<MessageExtra['poll']>

/** Of a message of which nothing of this is to be said. */
export const NO_EXTRA: MessageExtra = {
  mentions: [],
  kinds: [],
  files: [],
  poll: null,
  threadSeq: null,
  postAs: null,
  groupedId: null,
  copyOf: null,
  service: false,
  noForwards: false,
}
