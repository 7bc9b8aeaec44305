import type { UserId } from '@heliograph/schemas/avro'
import { type Bus, type BusHandler, presenceChannel, type Subscription } from '@heliograph/storage'
import type { UserFeed } from './feed.ts'

/** Users whose presence one user is told of; of more, the first found. */
export const MAX_WATCHED = 500

interface Watched {
  readonly feeds: Set<UserFeed>
  subscription: Subscription | undefined
}

/** Which users on this node are told of whose presence: one subscription for each who is watched. */
export class Watchers {
  readonly #bus: Bus
  readonly #heard: (userId: UserId, feeds: Iterable<UserFeed>, payload: Buffer) => void
  readonly #watched = new Map<UserId, Watched>()

  constructor(bus: Bus, heard: (userId: UserId, feeds: Iterable<UserFeed>, payload: Buffer) => void) {
    this.#bus = bus
    this.#heard = heard
  }

  /** Tells `feed` of `userId` from now on; groups and channels are nobody. */
  watch(feed: UserFeed, userId: UserId): void {
    if (userId === feed.userId || userId <= 0) return
    feed.watched ??= new Set()
    if (feed.watched.size >= MAX_WATCHED || feed.watched.has(userId)) return
    feed.watched.add(userId)
    const watched = this.#watched.get(userId)
    if (watched !== undefined) watched.feeds.add(feed)
    else this.#subscribe(userId, feed)
  }

  /** Tells `feed` of nobody any more. */
  unwatchAll(feed: UserFeed): void {
    for (const userId of feed.watched ?? []) {
      const watched = this.#watched.get(userId)
      watched?.feeds.delete(feed)
      if (watched?.feeds.size !== 0) continue
      this.#watched.delete(userId)
      watched.subscription?.close()
    }
    feed.watched = undefined
  }

  #subscribe(userId: UserId, feed: UserFeed): void {
    const watched: Watched = { feeds: new Set([feed]), subscription: undefined }
    this.#watched.set(userId, watched)
    const handler: BusHandler = (payload) => this.#heard(userId, watched.feeds, payload)
    this.#bus.subscribe(presenceChannel(userId), handler).then(
      (subscription) => {
        if (this.#watched.get(userId) === watched) watched.subscription = subscription
        else subscription.close()
      },
      () => this.#watched.delete(userId),
    )
  }
}
