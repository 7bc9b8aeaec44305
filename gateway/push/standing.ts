import type { ChatId, ChatTyping, ChatUpdate } from '@heliograph/schemas/avro'
import { userChats } from '@heliograph/storage'
import type { ChatFeeds } from './chat-feeds.ts'
import type { UserFeed } from './feed.ts'
import type { PushServices } from './mailbox-update.ts'

/** That somebody is in a group or channel is believed for so long: the bus may have lost the news of its going. */
export const MAX_BELIEVED_MS = 30_000
/** Members whom one publication has looked up; the others are with the next. */
const MAX_LOOKED_UP = 500
const NOBODY = ''

/** Sees to it that what is said in a group or channel reaches nobody on this node who is not in it any more. */
export class Standing {
  readonly #services: PushServices
  readonly #feeds: ChatFeeds
  readonly #onError: (error: unknown) => void

  constructor(services: PushServices, feeds: ChatFeeds, onError: (error: unknown) => void) {
    this.#services = services
    this.#feeds = feeds
    this.#onError = onError
  }

  /**
   * Before anybody is given what a chat has published, be it a post or what others do with one: those of whom it says that they
   * came, went or were restricted wait until they have been looked up, and so do those of whom nobody has made sure for a while.
   * What follows in the chat waits behind that.
   */
  heard(record: ChatUpdate | ChatTyping, feeds: ReadonlySet<UserFeed>): void {
    const { chatId } = record
    const named = record.type === 'ChatUpdate' && record.kind === 'members' ? amongst(feeds, record) : []
    // Whom nobody can vouch for hears nothing, and takes the difference.
    if (named.length > 0) this.#hold(chatId, named, () => named)
    const old = this.#notSeenLately(chatId, feeds, named)
    if (old.length > 0) this.#hold(chatId, old, () => [])
  }

  #notSeenLately(chatId: ChatId, feeds: ReadonlySet<UserFeed>, butFor: readonly UserFeed[]): UserFeed[] {
    const now = this.#services.nowMs()
    const old: UserFeed[] = []
    for (const feed of feeds) {
      if (butFor.includes(feed)) continue
      const ageMs = now - (feed.chats?.get(chatId) ?? 0)
      if (ageMs >= 0 && ageMs < MAX_BELIEVED_MS) continue
      old.push(feed)
      if (old.length === MAX_LOOKED_UP) break
    }
    return old
  }

  #hold(chatId: ChatId, feeds: readonly UserFeed[], goneIfUnknown: () => readonly UserFeed[]): void {
    const looked = this.#lookUp(chatId, feeds).catch((error: unknown) => {
      for (const feed of goneIfUnknown()) this.#feeds.leave(feed, chatId)
      this.#onError(error)
    })
    for (const feed of feeds) feed.give(NOBODY, () => looked.then(() => undefined), this.#onError)
  }

  async #lookUp(chatId: ChatId, feeds: readonly UserFeed[]): Promise<void> {
    const { tables, nowMs } = this.#services
    const now = nowMs()
    const refs = feeds.map(({ userId }) => ({ table: userChats, key: { userId, chatId } }))
    const rows = await tables.getMany(refs)
    for (const [i, feed] of feeds.entries()) {
      // It may have gone and come in again.
      feed.floors?.delete(chatId)
      if (rows[i] === undefined) this.#feeds.leave(feed, chatId)
      else if (feed.chats?.has(chatId) === true) feed.chats.set(chatId, now)
      // It has come back while an earlier look took it out.
      else if (feed.sessions.length > 0) await this.#feeds.join(feed, chatId)
    }
  }
}

const amongst = (feeds: ReadonlySet<UserFeed>, { userIds }: ChatUpdate): UserFeed[] =>
  [...feeds].filter(({ userId }) => userIds.includes(userId))
