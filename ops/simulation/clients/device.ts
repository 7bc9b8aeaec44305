import type { AuthKeyId, SessionId } from '@heliograph/gateway/mtproto'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { Slot } from '../processes/slot.ts'
import { someBytes } from '../world/globals.ts'
import { Life } from '../world/life.ts'
import type { World } from '../world/world.ts'
import { ChannelFeed } from './channel-feed.ts'
import { channelOf } from './channel-view.ts'
import { Connection, PATIENCE_MS, Unanswered } from './connection.ts'
import { SECRET_NAME } from './deeds.ts'
import { parseGroupText } from './groups.ts'
import { MailboxView } from './view.ts'

/** Auth keys begin so, to be known again where they must not be. */
export const SECRET_KEY_PREFIX = Buffer.from('zqauthkeyzq')
const KEY_BYTES = 256
/** A client that finds a gap waits a little for what may fill it, as clients do. */
const GAP_PATIENCE_MS = 500

type Updates = TlType<'Updates'>
export interface Peer {
  readonly userId: number
  readonly accessHash: bigint
}

/** A client program of one account: logs in, keeps its view of the mailbox, repeats what is not answered. */
export class Device {
  readonly life: Life
  readonly phone: string
  readonly connection: Connection
  /** The one channel that it knows of. */
  readonly channel: ChannelFeed
  /** Every message that was ever shown. */
  readonly everShown = new Set<string>()
  /** Numbers of the posts to the group, as far as it shows them, to which it was told that somebody reacted. */
  readonly groupReactions: number[] = []
  userId = 0
  view = new MailboxView(1)
  readonly #world: World
  #isFetching = false
  #waiting: TlType<'Update'>[] = []
  #gapTimer = false

  constructor(world: World, gateways: readonly Slot[], name: string, phone: string) {
    this.#world = world
    this.life = new Life(name)
    this.phone = phone
    const key = Buffer.concat([
      SECRET_KEY_PREFIX,
      someBytes(world.time, KEY_BYTES - SECRET_KEY_PREFIX.length),
    ])
    const id = someBytes(world.time, 8).toString('hex') as AuthKeyId
    const sessionId = someBytes(world.time, 8).toString('hex') as SessionId
    const connection = new Connection(world, this.life, gateways, { id, key }, sessionId, (updates) =>
      this.take(updates as Updates),
    )
    connection.onReconnect = () => {
      if (!this.#isLoggedIn) return
      this.#unawaited(this.catchUp())
      this.#unawaited(this.channel.catchUp())
    }
    this.connection = connection
    this.channel = new ChannelFeed(world, this.life, connection)
  }

  get #isLoggedIn(): boolean {
    return this.userId !== 0
  }

  /** Gets an auth key and logs in, or signs up where the number has no account. */
  async start(): Promise<void> {
    await this.connection.createKey()
    const startMs = this.#world.time.nowMs
    while (this.#world.time.nowMs - startMs < PATIENCE_MS) {
      const user = await this.#tryLogIn()
      if (user === undefined) {
        await this.#world.time.sleep(this.#world.time.random.below(500), this.life)
        continue
      }
      this.userId = user
      const { pts } = await this.connection.until('updates.getState', {})
      // As one who was there from the start: the difference from the first pts on gives everything.
      this.view = new MailboxView(1)
      if (pts > 1) await this.catchUp()
      return
    }
    throw new Error(`${this.life.name} cannot log in`)
  }

  /** One round, of which any part may fail; undefined where another is needed. */
  async #tryLogIn(): Promise<number | undefined> {
    const { connection, phone: phoneNumber } = this
    try {
      const asked = { phoneNumber, apiId: 1, apiHash: 'x', settings: { _: 'codeSettings' } } as const
      const sent = await connection.once('auth.sendCode', asked)
      const phoneCodeHash = 'phoneCodeHash' in sent ? sent.phoneCodeHash : ''
      const phoneCode = this.#world.codes.get(phoneNumber) ?? ''
      const code = { phoneNumber, phoneCodeHash }
      const signedIn = await connection.once('auth.signIn', { ...code, phoneCode })
      if (signedIn._ === 'auth.authorization') return signedIn.user.id
      const names = { firstName: `${SECRET_NAME} ${this.life.name}`, lastName: '' }
      const signedUp = await connection.once('auth.signUp', { ...code, ...names })
      return signedUp._ === 'auth.authorization' ? signedUp.user.id : undefined
    } catch (error) {
      // What the cache has lost, what two asked for at once, what was done without an answer: from the start again.
      if (error instanceof RpcError || error instanceof Unanswered) return undefined
      throw error
    }
  }

  /** Takes what comes by itself, or with an answer of its own. */
  take(updates: Updates): void {
    if (updates._ === 'updatesTooLong') return this.#unawaited(this.catchUp())
    const own: TlType<'Update'>[] = []
    for (const update of updatesIn(updates)) {
      if (update._ === 'updateMessageReactions' && update.peer._ === 'peerChannel')
        this.channel.takeReactions(update.msgId)
      else if (update._ === 'updateMessageReactions' && update.peer._ === 'peerChat')
        this.#noteReactions(update.msgId)
      else if (update._ === 'updateChannelTooLong') this.channel.catchUpTo(update.pts)
      else if (channelOf(update) === undefined) own.push(update)
      else this.channel.take(update)
    }
    this.#takeOwn(own)
  }

  #takeOwn(updates: readonly TlType<'Update'>[]): void {
    if (this.#isFetching) {
      this.#waiting.push(...updates)
      return
    }
    if (!this.view.takeAll(updates)) this.#gap()
    this.#noteShown()
  }

  /** As `take`, for methods that answer with pts alone. */
  affected(pts: number, ptsCount: number, show: () => void = () => {}): void {
    if (ptsCount > 0 && !this.view.count(pts, ptsCount, show)) this.#gap()
  }

  /** Brings the view up to date. */
  async catchUp(): Promise<void> {
    if (this.#isFetching) return
    this.#isFetching = true
    try {
      while (await this.#fetch());
    } finally {
      this.#isFetching = false
    }
    this.#noteShown()
    const waiting = this.#waiting
    this.#waiting = []
    this.#takeOwn(waiting)
  }

  /** Until nothing is on its way and the view is as the server's. */
  async settle(): Promise<void> {
    while (this.#isFetching) await this.#world.time.sleep(50, this.life)
    await this.catchUp()
    while (this.#isFetching) await this.#world.time.sleep(50, this.life)
    await this.channel.settle()
  }

  async #fetch(): Promise<boolean> {
    const { view } = this
    const asked = view.pts
    const difference = await this.connection.until('updates.getDifference', {
      pts: view.pts,
      date: 1,
      qts: 0,
    })
    switch (difference._) {
      case 'updates.differenceEmpty':
        return false
      case 'updates.differenceTooLong':
        throw new Error('a difference was too long')
      default: {
        const isWhole = difference._ === 'updates.difference'
        const { pts } = isWhole ? difference.state : difference.intermediateState
        // A store that is shared may have lost the rows of what stands in its log, and counts them again.
        if (pts < asked && this.#world.plan.model === 'independent')
          this.#world.bugs.push(`${this.life.name} was ahead of the server: ${asked} > ${pts}`)
        view.takeDifference(difference.newMessages, difference.otherUpdates, pts)
        return !isWhole
      }
    }
  }

  /** Nobody waits for it; what it is refused is a fault of ours, which the audit tells of. */
  #unawaited(caughtUp: Promise<void>): void {
    caughtUp.catch((error: unknown) => this.#world.bugs.push(`${this.life.name} did not catch up: ${error}`))
  }

  #gap(): void {
    if (this.#gapTimer) return
    this.#gapTimer = true
    this.#world.see('gap')
    this.#world.time.later(GAP_PATIENCE_MS, this.life, () => {
      this.#gapTimer = false
      this.#unawaited(this.catchUp())
    })
  }

  #noteReactions(msgId: number): void {
    const said = parseGroupText(this.view.messages.get(msgId)?.text ?? '')
    if (said !== undefined) this.groupReactions.push(said.n)
  }

  #noteShown(): void {
    for (const { text } of this.view.messages.values()) this.everShown.add(text)
  }
}

function updatesIn(updates: Updates): readonly TlType<'Update'>[] {
  if (updates._ === 'updates' || updates._ === 'updatesCombined') return updates.updates
  return updates._ === 'updateShort' ? [updates.update] : []
}
