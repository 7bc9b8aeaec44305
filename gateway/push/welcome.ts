import {
  type ChatId,
  type ChatUpdate,
  chatKindOf,
  type MessageSeq,
  NO_EXTRA,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import { decodeObject, type TlType } from '@heliograph/schemas/tl'
import { channelUpdates, chatMembers, messages, type RowOf } from '@heliograph/storage'
import { type HeardMessage, hearMessage } from './channel-message.ts'
import type { UserFeed } from './feed.ts'
import type { PushServices } from './mailbox-update.ts'

/** Waits until the message of a coming is looked for again: the news of it may be ahead of the rows. */
const RETRY_MS = [0, 10, 40, 160] as const
/** Moves of a channel that are looked at for it, the newest. */
const MAX_MOVES = 20

/**
 * The message that tells of somebody's coming into a supergroup is published while its gateway begins to listen there: who has
 * come gets it from here, unless it was heard all the same.
 */
export class Welcomes {
  readonly #services: PushServices
  /** Service messages that were heard by those who are just coming. */
  readonly #coming = new Map<ChatId, Map<UserFeed, Set<number>>>()

  constructor(services: PushServices) {
    this.#services = services
  }

  /** What was published in the chat is given to those who listen: to these as well. */
  heard({ chatId, seq, extra }: ChatUpdate, feeds: ReadonlySet<UserFeed>): void {
    const coming = extra?.service === true ? this.#coming.get(chatId) : undefined
    if (coming === undefined) return
    for (const [feed, seqs] of coming) if (feeds.has(feed)) seqs.add(seq)
  }

  /** Lets `feed` begin to listen; resolves to the message of its coming, where it did not hear that. */
  async welcome(
    feed: UserFeed,
    chatId: ChatId,
    join: () => Promise<void>,
  ): Promise<HeardMessage | undefined> {
    if (chatKindOf(chatId) !== 'channel') {
      await join()
      return undefined
    }
    const seqs = new Set<number>()
    const coming = this.#coming.get(chatId) ?? new Map<UserFeed, Set<number>>()
    this.#coming.set(chatId, coming.set(feed, seqs))
    try {
      await join()
      const found = await this.#find(chatId, feed.userId)
      return found === undefined || seqs.has(found.update.seq) ? undefined : found
    } finally {
      coming.delete(feed)
      if (coming.size === 0 && this.#coming.get(chatId) === coming) this.#coming.delete(chatId)
    }
  }

  async #find(chatId: ChatId, userId: UserId): Promise<HeardMessage | undefined> {
    const facts = await this.#services.chats.find(chatId)
    if (facts?.kind !== 'supergroup') return undefined
    for (const waitMs of RETRY_MS) {
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
      const found = await this.#lookUp(chatId, userId)
      if (found !== undefined) return found
    }
    return undefined
  }

  async #lookUp(chatId: ChatId, userId: UserId): Promise<HeardMessage | undefined> {
    const { tables } = this.#services
    const [member, moves] = await Promise.all([
      tables.get(chatMembers, { chatId, peerId: userId }),
      tables.range(channelUpdates, { chatId }, { descending: true, limit: MAX_MOVES }),
    ])
    const since = member?.date ?? 0
    for (const move of moves) {
      if ((move.date ?? 0) < since) return undefined
      const row = move.kind === 'message' ? await tables.get(messages, { chatId, seq: move.seq! }) : undefined
      if (row?.service !== true) continue
      const message = await hearMessage(this.#services, updateOf(move, row))
      if (tellsOf(message, userId)) return message
    }
    return undefined
  }
}

const NO_BYTES = Buffer.alloc(0)

/** As the message was published. */
function updateOf(move: RowOf<typeof channelUpdates>, row: RowOf<typeof messages>): ChatUpdate {
  const { chatId, pts, ptsCount, date } = move
  return {
    type: 'ChatUpdate',
    chatId: chatId as ChatId,
    kind: 'message',
    pts: pts!,
    ptsCount: ptsCount!,
    date: date!,
    seq: row.seq as MessageSeq,
    seqs: [],
    senderId: row.senderId as UserId,
    silent: row.silent === true,
    messageDate: row.date!,
    editDate: 0,
    replyToSeq: row.replyToSeq as MessageSeq | null,
    sealed: row.sealed ?? NO_BYTES,
    extra: { ...NO_EXTRA, postAs: row.postAs as PeerId | null, service: true },
    expiresAt: row.expiresAt ?? 0,
    userIds: [],
    data: null,
    origin: NO_BYTES,
  }
}

/** Whether a message says that the user has come. */
function tellsOf({ update, content }: HeardMessage, userId: UserId): boolean {
  if (content?.action == null) return false
  const action = decodeObject(content.action) as TlType<'MessageAction'>
  switch (action._) {
    case 'messageActionChatAddUser':
      return action.users.includes(userId)
    case 'messageActionChatJoinedByLink':
    case 'messageActionChatJoinedByRequest':
      return update.senderId === userId
    default:
      return false
  }
}
