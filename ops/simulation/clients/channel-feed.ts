import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { Life } from '../world/life.ts'
import type { World } from '../world/world.ts'
import { ChannelView, messageIn } from './channel-view.ts'
import type { Connection } from './connection.ts'

/** As for the mailbox: what fills a gap may be on its way. */
const GAP_PATIENCE_MS = 500
/** What a gateway may not yet know of its own actors' work, it knows after so many tries. */
const MAX_BEHIND = 5
const PAGE = 100
const EVERYTHING = { _: 'channelMessagesFilterEmpty' } as const

/** Something of a channel that a client was told. */
export interface Told {
  readonly id: number
  readonly text: string
  /** As new, as an edit, or as something to which others have said something. */
  readonly as: 'message' | 'edited' | 'reacted'
  /** It came by itself, or with an answer to something that the client did; otherwise the client asked to read it. */
  readonly pushed: boolean
}

/** A client's view of one channel, and everything that it was ever told of it, whether it could use it or not. */
export class ChannelFeed {
  /** Under which the client knows the channel; undefined while it does not. */
  input: TlType<'InputChannel'> | undefined
  view = new ChannelView()
  readonly told: Told[] = []
  /** The server says that this account has no business there. */
  isShutOut = false
  readonly #world: World
  readonly #life: Life
  readonly #connection: Connection
  #isFetching = false
  #waiting: TlType<'Update'>[] = []
  #gapTimer = false

  constructor(world: World, life: Life, connection: Connection) {
    this.#world = world
    this.#life = life
    this.#connection = connection
  }

  take(update: TlType<'Update'>): void {
    this.#noteTold(update, true)
    if (this.input === undefined) return
    if (this.#isFetching) this.#waiting.push(update)
    else if (!this.view.take(update)) this.#gap()
  }

  /** What others said to a message, which nothing counts. */
  takeReactions(id: number): void {
    this.told.push({ id, text: '', as: 'reacted', pushed: true })
  }

  /** As `take`, for methods that answer with pts alone. */
  affected(channelId: number, messages: number[], pts: number, ptsCount: number): void {
    if (ptsCount > 0) this.take({ _: 'updateDeleteChannelMessages', channelId, messages, pts, ptsCount })
  }

  /** Something has moved the pts that this client is not told of. */
  catchUpTo(pts = Number.MAX_SAFE_INTEGER): void {
    if (this.input !== undefined && pts > this.view.pts) this.#gap()
  }

  /** Brings the view up to date, as far as the server lets it. */
  async catchUp(): Promise<void> {
    if (this.#isFetching || this.input === undefined) return
    this.#isFetching = true
    try {
      for (let behind = 0; await this.#fetch(behind); behind++);
    } finally {
      this.#isFetching = false
    }
    const waiting = this.#waiting
    this.#waiting = []
    for (const update of waiting) this.take(update)
  }

  async settle(): Promise<void> {
    while (this.#isFetching) await this.#world.time.sleep(50, this.#life)
    await this.catchUp()
    while (this.#isFetching) await this.#world.time.sleep(50, this.#life)
  }

  /** What the client has asked to read. */
  note(messages: readonly TlType<'Message'>[], updates: readonly TlType<'Update'>[] = []): void {
    for (const message of messages)
      this.#noteTold({ _: 'updateNewChannelMessage', message, pts: 0, ptsCount: 0 }, false)
    for (const update of updates) this.#noteTold(update, false)
  }

  #noteTold(update: TlType<'Update'>, pushed: boolean): void {
    const message = messageIn(update)
    if (message === undefined) return
    const as = update._ === 'updateEditChannelMessage' ? 'edited' : 'message'
    this.told.push({ id: message.id, text: message.text, as, pushed })
  }

  async #fetch(tries: number): Promise<boolean> {
    const { view } = this
    try {
      const asked = { channel: this.input!, filter: EVERYTHING, pts: view.pts, limit: PAGE }
      const difference = await this.#connection.until('updates.getChannelDifference', asked)
      this.isShutOut = false
      if (difference._ === 'updates.channelDifferenceEmpty') return false
      if (difference._ === 'updates.channelDifferenceTooLong') throw new Error('a difference was too long')
      const { newMessages, otherUpdates, pts } = difference
      this.note(newMessages, otherUpdates)
      view.takeDifference(newMessages, otherUpdates, pts)
      return difference.final !== true
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      if (error.errorMessage === 'PERSISTENT_TIMESTAMP_INVALID') return this.#ahead(tries)
      if (error.errorMessage !== 'CHANNEL_PRIVATE') throw error
      this.isShutOut = true
      return false
    }
  }

  /** News may be ahead of the rows that a gateway reads, but not for long. */
  async #ahead(tries: number): Promise<boolean> {
    if (tries >= MAX_BEHIND) {
      this.#world.bugs.push(`${this.#life.name} was ahead of a channel: ${this.view.pts}`)
      return false
    }
    await this.#world.time.sleep(1_000, this.#life)
    return true
  }

  #gap(): void {
    if (this.#gapTimer) return
    this.#gapTimer = true
    this.#world.see('channel gap')
    this.#world.time.later(GAP_PATIENCE_MS, this.#life, () => {
      this.#gapTimer = false
      void this.catchUp()
    })
  }
}
