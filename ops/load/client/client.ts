import { encodeCall } from '@heliograph/schemas/tl'
import type { LoadKey, LoadLink } from '../../bench/load/link.ts'
import { LOAD_LAYER } from '../../bench/load/user.ts'
import { introduced } from '../../clients/introduction.ts'
import { Mailbox, type MailboxMessage } from '../verify/mailbox.ts'
import { failureOf } from './answer.ts'
import { ChannelFollower } from './channel-follower.ts'
import { Connection, type ConnectionPorts } from './connection.ts'
import { readDifference, readUpdates, type UpdatesSink } from './read-updates.ts'
import { Sender } from './sender.ts'

/** How long a client waits for an update that is missing before it asks for the difference, as clients do. */
const GAP_MS = 500
const RETRY_MS = 200

export interface Identity {
  readonly index: number
  readonly userId: number
  readonly phone: string
}

/** One user of the load: connected whenever that is possible, in step with its mailbox. */
export class LoadClient implements UpdatesSink {
  readonly identity: Identity
  readonly connection: Connection
  readonly sender: Sender
  readonly mailbox: Mailbox
  private readonly ports: ConnectionPorts
  private readonly channels = new Map<number, ChannelFollower>()
  private catchingUp: Promise<boolean> | undefined
  private lastCounted: MailboxMessage | undefined

  /** `connected` is the logged-in link, its key, and which of the targets it leads to. */
  constructor(
    ports: ConnectionPorts,
    identity: Identity,
    mailbox: Mailbox,
    connected: { readonly link: LoadLink; readonly key: LoadKey; readonly target: number },
  ) {
    this.ports = ports
    this.identity = identity
    this.mailbox = mailbox
    this.sender = new Sender(ports.meter)
    this.connection = new Connection(ports, connected.link, connected.key, connected.target)
    this.connection.onUpdate = (body) => readUpdates(body, this)
    this.connection.onLost = () => this.sender.lost()
    this.connection.onReady = (link) => {
      void this.catchUp()
      this.sender.ready(link)
    }
    this.sender.ready(connected.link)
  }

  /** An update that counts, pushed or in an answer. */
  counted(pts: number, ptsCount: number, message: MailboxMessage | undefined): void {
    this.lastCounted = message
    this.mailbox.take(pts, ptsCount, message, performance.now(), this.catchingUp !== undefined)
    if (this.mailbox.isFull) void this.catchUp()
  }

  /** From now on what is told of the channel has to be whole. */
  followChannel(channelId: number, accessHash: bigint): void {
    const name = `user ${this.identity.userId} in channel ${channelId}`
    const place = new Mailbox(
      name,
      this.mailbox.findings,
      () => {},
      () => true,
    )
    const request = (body: Buffer) => this.connection.request(body)
    this.channels.set(channelId, new ChannelFollower({ channelId, accessHash }, place, request))
  }

  channelMoved(channelId: number, pts: number, ptsCount: number, message: MailboxMessage | undefined): void {
    this.channels.get(channelId)?.moved(pts, ptsCount, message)
  }

  tooLong(): void {
    void this.catchUp()
  }

  /** Takes in the answer to a sent message; gives the message as the answer names it. */
  takeAnswer(result: Buffer): MailboxMessage | undefined {
    this.lastCounted = undefined
    readUpdates(result, this)
    return this.lastCounted
  }

  /** Sends a request that is not repeated; its errors are counted. `onResult` gets the bytes of a proper result. */
  fire(body: Buffer, onResult: (result: Buffer) => void = () => {}): void {
    if (this.connection.link === undefined) return
    this.connection.request(body).then(
      (result) => {
        const failure = failureOf(result)
        if (failure === undefined) onResult(result)
        else this.ports.meter.error(failure.kind)
      },
      // A lost connection has been counted, and the request was a passing one.
      () => {},
    )
  }

  /** Every second or so. */
  sweep(nowMs: number): void {
    this.connection.sweep(nowMs, this.sender.oldestMs)
    for (const channel of this.channels.values()) if (channel.sweep(nowMs - GAP_MS)) this.ports.meter.gaps++
    const gapSinceMs = this.mailbox.gapSinceMs
    if (gapSinceMs === undefined || nowMs - gapSinceMs < GAP_MS || this.catchingUp) return
    this.ports.meter.gaps++
    void this.catchUp()
  }

  get isInStep(): boolean {
    return this.catchingUp === undefined && this.mailbox.gapSinceMs === undefined
  }

  /** Asks for the difference until there is none, unless that is under way; false where the connection ended before. */
  catchUp(): Promise<boolean> {
    this.catchingUp ??= this.takeDifferences().finally(() => {
      this.catchingUp = undefined
      this.mailbox.resume(performance.now())
    })
    return this.catchingUp
  }

  private async takeDifferences(): Promise<boolean> {
    for (;;) {
      const query = { _: 'updates.getDifference', pts: this.mailbox.pts, date: 1, qts: 0 }
      const body = encodeCall(introduced(query, LOAD_LAYER, 'load'), LOAD_LAYER)
      const result = await this.connection.request(body).catch(() => undefined)
      if (result === undefined) return false
      const failure = failureOf(result)
      if (failure === undefined) {
        if (this.takeDifference(result)) return true
      } else {
        this.ports.meter.error(failure.kind)
        await new Promise((resolve) => setTimeout(resolve, failure.retryAfterMs ?? RETRY_MS))
      }
    }
  }

  /** True at the end of the difference. */
  private takeDifference(result: Buffer): boolean {
    const read = readDifference(result)
    if (read === undefined) return true
    if ('skipTo' in read) {
      this.mailbox.skipTo(read.skipTo)
      return true
    }
    this.mailbox.difference(read.part)
    return read.isLast
  }
}
