import type {
  AccountUpdate,
  AuthKeySignal,
  BusRecord,
  ChatUpdate,
  MailboxUpdate,
  Typing,
  UserId,
} from '@heliograph/schemas/avro'
import { decodeObject, type Tl, type TlType } from '@heliograph/schemas/tl'
import { AUTH_KEYS_CHANNEL, contacts, dialogs, type Subscription, userChannel } from '@heliograph/storage'
import type { AuthKeyId, SessionHandle, SessionObserver } from '../mtproto/ports.ts'
import { noteActive } from '../rpc/account/activity.ts'
import { LOGIN_TOKEN_CHANGE } from '../rpc/auth/login-token.ts'
import { updatesOf } from '../rpc/messages/answers.ts'
import { presences, setOffline } from '../rpc/presence.ts'
import { renderUsers } from '../rpc/render/user.ts'
import { accountUpdates, profileUpdates } from './account-update.ts'
import { isBeside, ownBesideUpdate } from './beside-update.ts'
import { ChatPush } from './chat-push.ts'
import { Departures } from './departures.ts'
import { UserFeed } from './feed.ts'
import { answeredDeparture, heldElsewhere } from './held-elsewhere.ts'
import { mailboxUpdates, nowSeconds, type PushServices } from './mailbox-update.ts'
import { whenPushed } from './observed.ts'
import { exactStatus, statusFor } from './status-update.ts'
import { MAX_WATCHED, Watchers } from './watchers.ts'

/** What ends or re-attaches the sessions of a key; the session engine. */
export interface KeyedSessions {
  keyChanged(permanent: AuthKeyId): void
  dropKey(id: AuthKeyId): void
  /** Pushes to every connected session of a permanent key, logged in or not. */
  tell(permanent: AuthKeyId, updates: object): void
}

const NOBODY = ''
const NO_SENDER = 0

/**
 * Brings what the bus says of a user to the user's sessions on this node: one subscription per user while a session is
 * attached. `sessions` is asked when the sessions of a key have to end.
 */
export class Push implements SessionObserver {
  readonly #services: PushServices
  readonly #sessions: () => KeyedSessions | undefined
  readonly #feeds = new Map<UserId, UserFeed>()
  readonly #watchers: Watchers
  readonly #chats: ChatPush
  readonly #departures: Departures
  /** What happens to keys that nobody is logged in on. */
  readonly #keySignals: Promise<Subscription | undefined>
  readonly #onError = (error: unknown): void =>
    this.#services.log.error({ error: String(error) }, 'an update could not be pushed')

  constructor(services: PushServices, sessions: () => KeyedSessions | undefined) {
    this.#services = services
    this.#sessions = sessions
    this.#watchers = new Watchers(services.bus, (userId, feeds, payload) =>
      this.#presenceHeard(userId, feeds, payload),
    )
    this.#chats = new ChatPush(services, this.#onError)
    services.telemetry?.watch('connectedUsers', () => this.#feeds.size)
    this.#keySignals = services.bus
      .subscribe(AUTH_KEYS_CHANNEL, (payload) => this.#tokenAccepted(payload))
      .catch((error: unknown) => void this.#onError(error))
    this.#departures = new Departures((userId) => void this.#gone(userId).catch(this.#onError))
  }

  attached(session: SessionHandle): void {
    const userId = session.userId as UserId
    let feed = this.#feeds.get(userId)
    if (feed === undefined) {
      feed = new UserFeed(userId)
      this.#feeds.set(userId, feed)
      this.#departures.cameBack(userId)
      this.#open(feed)
    }
    feed.attach(session)
    this.#noteActive(session)
  }

  detached(session: SessionHandle): void {
    const userId = session.userId as UserId
    const feed = this.#feeds.get(userId)
    this.#noteActive(session)
    if (feed === undefined || !feed.detach(session)) return
    this.#feeds.delete(userId)
    this.#end(feed)
    this.#departures.left(userId)
  }

  close(): void {
    void this.#keySignals.then((subscription) => subscription?.close())
    this.#departures.close()
    for (const feed of this.#feeds.values()) this.#end(feed)
    this.#feeds.clear()
  }

  #end(feed: UserFeed): void {
    feed.subscription?.close()
    this.#watchers.unwatchAll(feed)
    this.#chats.close(feed)
  }

  #noteActive({ permanentKeyId }: SessionHandle): void {
    noteActive(this.#services.cache, permanentKeyId, nowSeconds(this.#services)).catch(this.#onError)
  }

  #open(feed: UserFeed): void {
    const subscribed = this.#services.bus
      .subscribe(userChannel(feed.userId), (payload, record) =>
        this.#heard(
          feed,
          (record as BusRecord | undefined) ?? this.#services.codec.decodeBare<BusRecord>(payload),
        ),
      )
      .then((subscription) => {
        if (this.#feeds.get(feed.userId) === feed) feed.subscription = subscription
        else subscription.close()
      })
      .catch(this.#onError)
    const opened = this.#chats.open(feed, () => this.#isOpen(feed)).catch(this.#onError)
    this.#services.hearing.begin(feed.userId, Promise.all([subscribed, opened]))
    this.#watchPeers(feed).catch(this.#onError)
  }

  #isOpen(feed: UserFeed): boolean {
    return this.#feeds.get(feed.userId) === feed
  }

  /** Contacts and those with whom there is a chat. */
  async #watchPeers(feed: UserFeed): Promise<void> {
    const { tables } = this.#services
    const own = { userId: feed.userId }
    const [contactRows, dialogRows] = await Promise.all([
      tables.range(contacts, own, { limit: MAX_WATCHED }),
      tables.range(dialogs, own, { limit: MAX_WATCHED }),
    ])
    if (this.#feeds.get(feed.userId) !== feed) return
    for (const { contactId } of contactRows) this.#watchers.watch(feed, contactId as UserId)
    for (const { peerId } of dialogRows) this.#watchers.watch(feed, peerId as UserId)
  }

  #heard(feed: UserFeed, record: BusRecord): void {
    switch (record.type) {
      case 'MailboxUpdate':
        return this.#mailboxUpdated(feed, record)
      case 'AccountUpdate':
        return this.#accountUpdated(feed, record)
      case 'ChatUpdate':
        return this.#besideUpdated(feed, record)
      case 'Typing':
        return feed.give(NOBODY, () => this.#typing(record), this.#onError)
      case 'AuthKeySignal':
        return this.#keySignalled(record)
    }
  }

  #mailboxUpdated(feed: UserFeed, update: MailboxUpdate): void {
    const origin = update.origin.toString('hex')
    if (update.kind === 'message') this.#watchers.watch(feed, update.peerId as number as UserId)
    if (!feed.hasOthers(origin)) return
    const pushed = whenPushed(this.#services.telemetry, update)
    feed.give(origin, () => mailboxUpdates(this.#services, update), this.#onError, pushed)
  }

  #accountUpdated(feed: UserFeed, update: AccountUpdate): void {
    if (answeredDeparture(this.#services, update)) return
    const origin = update.origin.toString('hex')
    if (update.kind === 'contacts') this.#watchPeers(feed).catch(this.#onError)
    if (update.kind === 'chat')
      this.#chats.changed(feed, update, () => this.#isOpen(feed)).catch(this.#onError)
    if (feed.hasOthers(origin)) feed.give(origin, () => accountUpdates(this.#services, update), this.#onError)
  }

  /** What was done to a message of a private chat; the user's own matter elsewhere. */
  #besideUpdated(feed: UserFeed, update: ChatUpdate): void {
    if (!isBeside(update)) return
    const isOwn = update.senderId === feed.userId || update.senderId === NO_SENDER
    const origin = isOwn ? update.origin.toString('hex') : NOBODY
    feed.give(origin, () => ownBesideUpdate(this.#services, feed.userId, update), this.#onError)
  }

  async #typing({ userId, fromUserId, action }: Typing): Promise<Tl<'updates'>> {
    const now = nowSeconds(this.#services)
    const update: TlType<'Update'> = {
      _: 'updateUserTyping',
      userId: fromUserId,
      action: decodeObject(action) as TlType<'SendMessageAction'>,
    }
    return updatesOf([update], await renderUsers(this.#services.directory, userId, [fromUserId], now), now)
  }

  /** After all who hear the signal have taken it in: the store of auth keys among them. */
  #keySignalled({ authKeyId, change }: AuthKeySignal): void {
    setImmediate(() => {
      const sessions = this.#sessions()
      if (change === 'destroy') sessions?.dropKey(authKeyId as AuthKeyId)
      else sessions?.keyChanged(authKeyId as AuthKeyId)
    })
  }

  /** A device that shows a token to log in by hears that it was accepted, and asks what came of it. */
  #tokenAccepted(payload: Buffer): void {
    const signal = this.#services.codec.decodeBare<BusRecord>(payload)
    if (signal.type !== 'AuthKeySignal' || signal.change !== LOGIN_TOKEN_CHANGE) return
    const update = { _: 'updateLoginToken' }
    const date = nowSeconds(this.#services)
    this.#sessions()?.tell(signal.authKeyId as AuthKeyId, { _: 'updateShort', update, date })
  }

  #presenceHeard(userId: UserId, feeds: Iterable<UserFeed>, payload: Buffer): void {
    const record = this.#services.codec.decodeBare<BusRecord>(payload)
    if (record.type === 'Presence') {
      const exact = exactStatus(this.#services, record)
      for (const feed of feeds) {
        feed.give(NOBODY, () => statusFor(this.#services, feed.userId, record, exact), this.#onError)
      }
    } else if (record.type === 'ProfileChanged') {
      const update = (viewer: UserId) => profileUpdates(this.#services, viewer, userId, record.change)
      for (const feed of feeds) feed.give(NOBODY, () => update(feed.userId), this.#onError)
    }
  }

  /** Without a connection to any gateway a user is not online, whatever its client said last. */
  async #gone(userId: UserId): Promise<void> {
    const isHere = () => this.#feeds.has(userId)
    const [seen] = await presences(this.#services, [userId])
    const now = nowSeconds(this.#services)
    if (seen === undefined || seen.expires <= now || isHere()) return
    if ((await heldElsewhere(this.#services, userId)) || isHere()) return
    await setOffline(this.#services, userId, now)
  }
}
