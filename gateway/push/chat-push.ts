import {
  type AccountUpdate,
  type BusRecord,
  type ChatId,
  type ChatTyping,
  type ChatUpdate,
  chatIdOf,
  chatKindOf,
  numberOfChat,
  type PeerId,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { userChats } from '@heliograph/storage'
import { namedParticipants, participantsUpdate } from '../rpc/chats/participants-update.ts'
import type { CallContext } from '../rpc/handler.ts'
import { renderNamed, updatesOf } from '../rpc/messages/answers.ts'
import { hasOwnBeside, isBeside, neutralBesideUpdate, ownBesideUpdate } from './beside-update.ts'
import { type HeardMessage, hearMessage, neutralMessage, ownMessage } from './channel-message.ts'
import { ChatFeeds, MAX_USER_CHATS } from './chat-feeds.ts'
import { channelUpdate, neutrally, typingUpdates } from './chat-update.ts'
import { Coalesced } from './coalesce.ts'
import type { Pushed, UserFeed } from './feed.ts'
import { Floors } from './floors.ts'
import { JoinRequests } from './join-requests.ts'
import { nowSeconds, type PushServices } from './mailbox-update.ts'
import { whenPushed } from './observed.ts'
import { Standing } from './standing.ts'
import { Welcomes } from './welcome.ts'

const NOBODY = ''

/**
 * Brings what happens in groups and channels to the sessions of their members on this node. What a channel says is rendered
 * once, and the same value given to all: who sent it, whom it mentions, and who has not been shown the channel, get their own.
 */
export class ChatPush {
  readonly #services: PushServices
  readonly #feeds: ChatFeeds
  readonly #coalesced = new Coalesced()
  readonly #welcomes: Welcomes
  readonly #standing: Standing
  readonly #floors: Floors
  readonly #onError: (error: unknown) => void

  constructor(services: PushServices, onError: (error: unknown) => void) {
    this.#services = services
    this.#onError = onError
    this.#welcomes = new Welcomes(services)
    this.#feeds = new ChatFeeds(
      services.bus,
      (chatId, feeds, payload) => this.#heard(chatId, feeds, payload),
      onError,
      services.nowMs,
    )
    this.#standing = new Standing(services, this.#feeds, onError)
    this.#floors = new Floors(services)
  }

  /** The user hears of all groups and channels that it is in. */
  async open(feed: UserFeed, isOpen: () => boolean): Promise<void> {
    const rows = await this.#services.tables.range(
      userChats,
      { userId: feed.userId },
      { limit: MAX_USER_CHATS },
    )
    if (!isOpen()) return
    await Promise.all(rows.map(({ chatId }) => this.#feeds.join(feed, chatId as ChatId)))
  }

  close(feed: UserFeed): void {
    this.#feeds.leaveAll(feed)
  }

  /** The user has come into the chat or left it, or has other rights in it. */
  async changed(
    feed: UserFeed,
    { userId, peerId, origin }: AccountUpdate,
    isOpen: () => boolean,
  ): Promise<void> {
    const chatId = chatIdOf(userId, peerId)
    const row = await this.#services.tables.get(userChats, { userId, chatId })
    if (row === undefined) return this.#feeds.leave(feed, chatId)
    if (!isOpen() || feed.chats?.has(chatId)) return
    const message = await this.#welcomes.welcome(feed, chatId, () => this.#feeds.join(feed, chatId))
    if (message === undefined) return
    feed.give(origin.toString('hex'), () => ownMessage(this.#services, userId, message), this.#onError)
  }

  #heard(chatId: ChatId, feeds: ReadonlySet<UserFeed>, payload: Buffer): void {
    const record = this.#services.codec.decodeBare<BusRecord>(payload)
    if (record.type !== 'ChatUpdate' && record.type !== 'ChatTyping') return
    this.#standing.heard(record, feeds)
    if (record.type === 'ChatTyping') return this.#typing(feeds, record)
    const { kind } = record
    if (kind === 'message' || kind === 'edit') return this.#message(feeds, record)
    if (kind === 'members') return this.#members(feeds, record)
    if (kind === 'requests') return this.#toAdmins(feeds, record)
    if (isBeside(record)) return this.#beside(feeds, record)
    if (kind === 'info' && chatKindOf(chatId) === 'group') return this.#groupInfo(feeds, record)
    this.#told(feeds, record)
  }

  #message(feeds: ReadonlySet<UserFeed>, update: ChatUpdate): void {
    this.#welcomes.heard(update, feeds)
    const heard = hearMessage(this.#services, update)
    const origin = update.origin.toString('hex')
    const pushed = whenPushed(this.#services.telemetry, update)
    const neutral = once(() =>
      heard instanceof Promise
        ? heard.then((message) => neutralMessage(this.#services, message))
        : neutralMessage(this.#services, heard),
    )
    const hasOwn = (userId: UserId, message: HeardMessage) =>
      message.hasFiles || userId === update.senderId || update.userIds.includes(userId)
    for (const feed of feeds) {
      const { userId } = feed
      const isSender = userId === update.senderId
      if (isSender && !feed.hasOthers(origin)) continue
      const prepare = (message: HeardMessage) =>
        feed.isNewTo(update.chatId) || hasOwn(userId, message)
          ? ownMessage(this.#services, userId, message)
          : neutral()
      const given = heard instanceof Promise ? () => heard.then(prepare) : () => prepare(heard)
      const shown = update.kind === 'edit' ? () => this.#unlessHidden(feed, update, given) : given
      this.#give(update, feed, isSender ? origin : NOBODY, shown, pushed)
    }
  }

  /** An edit, or that something has moved the pts, where the message is hidden from who came later. */
  #unlessHidden(feed: UserFeed, update: ChatUpdate, given: () => Pushed | Promise<Pushed>) {
    const { chatId, seq, pts, date } = update
    const told = (visible: readonly number[]): Pushed | Promise<Pushed> => {
      if (visible.length > 0) return given()
      const moved = { _: 'updateChannelTooLong', channelId: numberOfChat(chatId), pts } as const
      return neutrally(this.#services, moved, [peerIdOfChat(chatId)], date)
    }
    const visible = this.#floors.visible(feed, chatId, [seq])
    return visible instanceof Promise ? visible.then(told) : told(visible)
  }

  /** What is the same for everybody; `contents` and the like concern only those whom they name. */
  #told(feeds: ReadonlySet<UserFeed>, update: ChatUpdate): void {
    const told = channelUpdate(update)
    if (told === undefined) return
    const peers = [peerIdOfChat(update.chatId)]
    const prepare = once(() => neutrally(this.#services, told, peers, update.date))
    const origin = update.origin.toString('hex')
    const pushed = update.pts > 0 ? whenPushed(this.#services.telemetry, update) : undefined
    const isOnlyFor = update.kind === 'contents'
    const isNotFor = update.kind === 'read-out'
    for (const feed of feeds) {
      const isNamed = update.userIds.length > 0 && update.userIds.includes(feed.userId)
      if ((isOnlyFor && !isNamed) || (isNotFor && isNamed)) continue
      this.#give(update, feed, origin, prepare, pushed)
    }
  }

  #groupInfo(feeds: ReadonlySet<UserFeed>, update: ChatUpdate): void {
    this.#services.chats.changed(update.chatId)
    const told: TlType<'Update'> = { _: 'updateChat', chatId: -peerIdOfChat(update.chatId) }
    for (const feed of feeds) this.#giveOwn(update, feed, told)
  }

  /** What others did to messages: at once to those whom it concerns, and to all others not too often. */
  #beside(feeds: ReadonlySet<UserFeed>, update: ChatUpdate): void {
    const origin = update.origin.toString('hex')
    for (const feed of feeds) {
      const { userId } = feed
      if (!hasOwnBeside(update, userId)) continue
      const own = this.#visibly(feed, update, (shown) => ownBesideUpdate(this.#services, userId, shown))
      this.#give(update, feed, userId === update.senderId ? origin : NOBODY, own)
    }
    const { chatId, kind, seqs } = update
    this.#coalesced.run(`${chatId}/${kind}/${seqs.join()}`, () => {
      const neutral = once(() => neutralBesideUpdate(this.#services, update))
      for (const feed of feeds) {
        if (hasOwnBeside(update, feed.userId)) continue
        const shown = this.#visibly(feed, update, (seen) =>
          seen === update ? neutral() : neutralBesideUpdate(this.#services, seen),
        )
        this.#give(update, feed, NOBODY, shown)
      }
    })
  }

  /** What befalls messages, as far as they are not hidden from who came later: `prepare` is given the very same update where none is. */
  #visibly(
    feed: UserFeed,
    update: ChatUpdate,
    prepare: (shown: ChatUpdate) => Promise<Pushed>,
  ): () => Promise<Pushed> {
    return async () => {
      const seqs = await this.#floors.visible(feed, update.chatId, update.seqs)
      if (seqs.length === update.seqs.length) return prepare(update)
      return seqs.length === 0 ? undefined : prepare({ ...update, seqs: seqs as typeof update.seqs })
    }
  }

  /** Who is in a basic group now; channels do not tell all of their members. */
  #members(feeds: ReadonlySet<UserFeed>, change: ChatUpdate): void {
    const { chatId, date } = change
    if (chatKindOf(chatId) !== 'group') return
    this.#services.chats.changed(chatId)
    const peerId = peerIdOfChat(chatId)
    const services = this.#services as PushServices & CallContext['services']
    const told = once(() => participantsUpdate({ services }, chatId))
    for (const feed of feeds) {
      const prepare = async () => {
        const [update] = await told()
        if (update === undefined) return undefined
        return ownUpdates(this.#services, feed.userId, update, [peerId, ...namedParticipants(update)], date)
      }
      this.#give(change, feed, NOBODY, prepare)
    }
  }

  /** Requests to join, for those who may answer them. */
  #toAdmins(feeds: ReadonlySet<UserFeed>, update: ChatUpdate): void {
    const requests = new JoinRequests(this.#services, update.chatId)
    for (const feed of feeds) {
      this.#give(update, feed, NOBODY, () => requests.updateFor(feed.userId, update.date))
    }
  }

  /** Gives a feed what a chat said, if it hears of the chat still when its turn comes. */
  #give(
    { chatId }: Pick<ChatUpdate, 'chatId'>,
    feed: UserFeed,
    origin: string,
    prepare: () => Pushed | Promise<Pushed>,
    onPushed?: () => void,
  ): void {
    const given = () => (feed.chats?.has(chatId) === true ? prepare() : undefined)
    feed.give(origin, given, this.#onError, onPushed)
  }

  #giveOwn({ chatId, date }: ChatUpdate, feed: UserFeed, told: TlType<'Update'>): void {
    const prepare = () => ownUpdates(this.#services, feed.userId, told, [peerIdOfChat(chatId)], date)
    this.#give({ chatId }, feed, NOBODY, prepare)
  }

  #typing(feeds: ReadonlySet<UserFeed>, typing: ChatTyping): void {
    const prepare = once(() => typingUpdates(this.#services, typing))
    for (const feed of feeds) {
      if (feed.userId !== (typing.fromPeerId as number)) this.#give(typing, feed, NOBODY, prepare)
    }
  }
}

/** An update with the chat that it is about, and others whom it names, as the user sees them. */
export async function ownUpdates(
  services: PushServices,
  user: UserId,
  told: TlType<'Update'>,
  peers: readonly PeerId[],
  date: number,
): Promise<Pushed> {
  const { users, chats } = await renderNamed({ services, user, now: nowSeconds(services) }, peers)
  return updatesOf([told], users, date, chats)
}

/** Makes a value when it is first asked for, and gives the very same to all who ask later. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
