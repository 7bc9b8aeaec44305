import type { ChatId } from '@heliograph/schemas/avro'
import { type Bus, chatChannel, type Subscription } from '@heliograph/storage'
import type { UserFeed } from './feed.ts'

/** Groups and channels of one user that are listened to; of more, the first found. */
export const MAX_USER_CHATS = 1_000

interface Listened {
  readonly feeds: Set<UserFeed>
  subscription: Subscription | undefined
}

/** Which users on this node are in which groups and channels: one subscription for each chat, however many hear it. */
export class ChatFeeds {
  readonly #bus: Bus
  readonly #heard: (chatId: ChatId, feeds: ReadonlySet<UserFeed>, payload: Buffer) => void
  readonly #onError: (error: unknown) => void
  readonly #nowMs: () => number
  readonly #chats = new Map<ChatId, Listened>()

  constructor(
    bus: Bus,
    heard: (chatId: ChatId, feeds: ReadonlySet<UserFeed>, payload: Buffer) => void,
    onError: (error: unknown) => void,
    nowMs: () => number,
  ) {
    this.#nowMs = nowMs
    this.#bus = bus
    this.#heard = heard
    this.#onError = onError
  }

  get size(): number {
    return this.#chats.size
  }

  /** `feed` hears of the chat from now on; resolves when it does. */
  async join(feed: UserFeed, chatId: ChatId): Promise<void> {
    feed.chats ??= new Map()
    if (feed.chats.has(chatId) || feed.chats.size >= MAX_USER_CHATS) return
    feed.chats.set(chatId, this.#nowMs())
    const listened = this.#chats.get(chatId)
    if (listened !== undefined) listened.feeds.add(feed)
    else await this.#subscribe(feed, chatId)
  }

  leave(feed: UserFeed, chatId: ChatId): void {
    if (feed.chats?.delete(chatId) !== true) return
    feed.forget(chatId)
    const listened = this.#chats.get(chatId)
    listened?.feeds.delete(feed)
    if (listened?.feeds.size !== 0) return
    this.#chats.delete(chatId)
    listened.subscription?.close()
  }

  leaveAll(feed: UserFeed): void {
    for (const chatId of [...(feed.chats?.keys() ?? [])]) this.leave(feed, chatId)
  }

  async #subscribe(feed: UserFeed, chatId: ChatId): Promise<void> {
    const listened: Listened = { feeds: new Set([feed]), subscription: undefined }
    this.#chats.set(chatId, listened)
    try {
      const subscription = await this.#bus.subscribe(chatChannel(chatId), (payload) =>
        this.#heard(chatId, listened.feeds, payload),
      )
      if (this.#chats.get(chatId) === listened) listened.subscription = subscription
      else subscription.close()
    } catch (error) {
      if (this.#chats.get(chatId) === listened) this.#chats.delete(chatId)
      for (const each of listened.feeds) each.chats?.delete(chatId)
      this.#onError(error)
    }
  }
}
