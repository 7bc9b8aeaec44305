import { isUnencrypted, packetAuthKeyId } from '../crypto/auth-key-id.ts'
import { openPacket } from '../crypto/packet.ts'
import type { AuthKey, AuthKeyId, PacketLink, PacketReceiver } from '../ports.ts'
import type { Carrier } from './arrival.ts'
import { resume } from './attachment.ts'
import type { Context } from './context.ts'
import type { Timed } from './deadline-wheel.ts'
import { receiveOpened } from './incoming.ts'
import type { KeyState } from './key-state.ts'
import { LinkExchange } from './link-exchange.ts'
import type { Session } from './session.ts'
import { addLink, removeLink } from './session-links.ts'
import { WaitingPackets } from './waiting-packets.ts'

const UNKNOWN_KEY = -404
const FLOOD = -429
/** An http request that nothing answers stays open for as long as `http_wait` would by default. */
const HTTP_WAIT_MS = 25_000
/** Auth key id and message key: no packet is shorter. */
const SHORTEST_BYTES = 24

/** One link: finds the key and the session of each packet, and keeps the packets in order where that takes time. */
export class Connection implements PacketReceiver, Carrier, Timed {
  readonly link: PacketLink
  readonly #ctx: Context
  #key: KeyState | undefined
  #session: Session | undefined
  #sessions: Session[] = []
  #exchange: LinkExchange | undefined
  /** Packets that wait behind one whose key is being loaded or made; undefined when nothing is. */
  #waiting: WaitingPackets | undefined
  #closed = false
  #armedMs = 0
  #disconnectDueMs = 0
  #answerDueMs = 0

  constructor(ctx: Context, link: PacketLink) {
    this.#ctx = ctx
    this.link = link
    ctx.ports.telemetry?.linkOpened(link.kind)
  }

  packet(bytes: Uint8Array, quickAckWanted: boolean): void {
    if (this.#closed) return
    if (!this.#waiting) return this.#take(bytes, quickAckWanted)
    if (!this.#waiting.add(bytes, quickAckWanted, this.#ctx.limits)) this.#close()
  }

  drained(): void {
    for (const session of this.#sessions) if (session.stalled) resume(this.#ctx, session)
  }

  closed(): void {
    if (this.#closed) return
    this.#closed = true
    this.#waiting = undefined
    this.#ctx.ports.telemetry?.linkClosed(this.link.kind)
    this.#exchange?.leave()
    for (const session of this.#sessions) removeLink(this.#ctx, session, this.link)
    this.#sessions = []
    this.#session = undefined
  }

  carries(session: Session): void {
    if (!this.#sessions.includes(session))
      // Without spare room: nearly all links carry one session for good.
      this.#sessions = this.#sessions.filter((s) => !s.closed).concat(session)
    if (!session.links.includes(this.link)) addLink(this.#ctx, session, this.link)
  }

  disconnectAt(dueMs: number): void {
    this.#disconnectDueMs = dueMs
    this.#arm(dueMs)
  }

  answerBy(dueMs: number): void {
    this.#answerDueMs = dueMs
    this.#arm(dueMs)
  }

  onDeadline(nowMs: number): void {
    this.#armedMs = 0
    if (this.#closed) return
    const exchangeDueMs = this.#exchange?.dueMs ?? 0
    let next = 0
    for (const due of [this.#disconnectDueMs, this.#answerDueMs, exchangeDueMs]) {
      if (due !== 0 && due <= nowMs) return this.#close()
      if (due !== 0 && (next === 0 || due < next)) next = due
    }
    if (next !== 0) this.#arm(next)
  }

  #arm(dueMs: number): void {
    if (this.#armedMs !== 0 && this.#armedMs <= dueMs) return
    this.#armedMs = dueMs
    this.#ctx.wheel.add(this, dueMs)
  }

  #take(bytes: Uint8Array, quickAckWanted: boolean): void {
    try {
      if (isUnencrypted(bytes)) this.#exchangeKeys(bytes)
      else if (bytes.length < SHORTEST_BYTES) this.#close()
      else this.#takeEncrypted(bytes, quickAckWanted)
    } catch (error) {
      this.#bug(error, 'a packet')
    }
  }

  #takeEncrypted(bytes: Uint8Array, quickAckWanted: boolean): void {
    const id = packetAuthKeyId(bytes)
    const known = this.#ctx.ports.authKeys.cached(id)
    const owner = known?.boundTo === undefined ? known : this.#ctx.ports.authKeys.cached(known.boundTo)
    if (known && owner) this.#receive(this.#stateOf(known, owner), bytes, quickAckWanted)
    else this.#pause(this.#load(id, bytes, quickAckWanted))
  }

  #stateOf(key: AuthKey, owner: AuthKey): KeyState {
    const state = this.#key
    if (state && state.key === key && state.owner === owner) return state
    this.#session = undefined
    this.#key = this.#ctx.keys.use(key, owner)
    return this.#key
  }

  async #load(id: AuthKeyId, bytes: Uint8Array, quickAckWanted: boolean): Promise<void> {
    const { authKeys } = this.#ctx.ports
    const key = authKeys.cached(id) ?? (await authKeys.load(id))
    const ownerId = key?.boundTo
    const owner = ownerId === undefined ? key : (authKeys.cached(ownerId) ?? (await authKeys.load(ownerId)))
    if (this.#closed) return
    if (key && owner) this.#receive(this.#stateOf(key, owner), bytes, quickAckWanted)
    else this.#unknownKey()
  }

  /** Packets that come while `work` goes on wait for it. */
  #pause(work: Promise<void>): void {
    const waiting = new WaitingPackets()
    this.#waiting = waiting
    work
      .catch((error: unknown) => this.#bug(error, 'an auth key'))
      .then(() => {
        if (this.#waiting === waiting) this.#goOn(waiting)
      })
  }

  #goOn(waiting: WaitingPackets): void {
    this.#waiting = undefined
    for (const { bytes, quickAckWanted } of waiting.packets) this.packet(bytes, quickAckWanted)
  }

  #receive(key: KeyState, bytes: Uint8Array, quickAckWanted: boolean): void {
    const { ctx, nowMs } = { ctx: this.#ctx, nowMs: this.#ctx.ports.now() }
    const { expiresAt } = key.key
    if (key.destroyed || (expiresAt !== undefined && expiresAt * 1000 <= nowMs)) return this.#unknownKey()
    const opened = openPacket(key.key.key, bytes)
    if (!opened) return this.#close()
    const last = this.#session
    const session =
      last && !last.closed && last.sessionId === opened.sessionId && last.key === key
        ? last
        : ctx.keys.session(key, opened.sessionId)
    if (!session) return this.#refuse(FLOOD)
    this.#session = session
    if (this.link.kind === 'http') this.answerBy(nowMs + HTTP_WAIT_MS)
    const arrival = { ctx, session, carrier: this, nowMs, unpackBytesLeft: ctx.limits.unpackedBytes }
    if (receiveOpened(arrival, opened) && quickAckWanted) this.link.sendQuickAck(opened.quickAckToken)
  }

  #exchangeKeys(bytes: Uint8Array): void {
    this.#exchange ??= new LinkExchange(this.#ctx, this.link)
    const exchange = this.#exchange
    const outcome = exchange.receive(bytes, this.#ctx.ports.now())
    if (!outcome) return this.#refuse(FLOOD)
    if (outcome.failed) return this.#close()
    if (exchange.dueMs !== 0) this.#arm(exchange.dueMs)
    if (outcome.reply) this.link.send(outcome.reply)
    const { completed } = outcome
    if (completed) this.#pause(exchange.store(completed).then((reply) => this.#sendUnlessClosed(reply)))
  }

  #sendUnlessClosed(reply: Buffer): void {
    if (!this.#closed) this.link.send(reply)
  }

  /** -404 makes clients throw a key away, which must not happen to one that is just being made. */
  #unknownKey(): void {
    if (this.#exchange?.halfOpen) return
    this.#refuse(UNKNOWN_KEY)
  }

  #refuse(code: typeof UNKNOWN_KEY | typeof FLOOD): void {
    this.link.sendTransportError(code)
    this.closed()
  }

  #close(): void {
    this.link.close()
    this.closed()
  }

  #bug(error: unknown, where: string): void {
    this.#ctx.ports.onBug(error, where)
    this.#close()
  }
}
