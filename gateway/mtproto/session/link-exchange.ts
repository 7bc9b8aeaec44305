import { type CompletedExchange, type ExchangeOutcome, KeyExchange } from '../handshake/server.ts'
import type { PacketLink } from '../ports.ts'
import type { Context } from './context.ts'

/**
 * The key exchanges of one link. Over http the messages of one exchange come on several links, so their state is shared.
 * Enters the gate while an exchange is half open.
 */
export class LinkExchange {
  readonly #ctx: Context
  readonly #link: PacketLink
  readonly #own: KeyExchange | undefined
  #entered = false
  /** When a half-open exchange is given up; 0 while there is none. */
  dueMs = 0

  constructor(ctx: Context, link: PacketLink) {
    this.#ctx = ctx
    this.#link = link
    const { rsaKey, random } = ctx.ports
    this.#own = link.kind === 'http' ? undefined : new KeyExchange({ rsaKey, random })
  }

  get halfOpen(): boolean {
    return this.#entered
  }

  /** Undefined when this address may make no more keys now. */
  receive(packet: Uint8Array, nowMs: number): ExchangeOutcome | undefined {
    const { telemetry } = this.#ctx.ports
    if (!this.#entered && !this.#enter(nowMs)) {
      telemetry?.keyExchange('refused')
      return undefined
    }
    const outcome = (this.#own ?? this.#ctx.httpExchanges).receive(packet, nowMs)
    if (outcome.failed) telemetry?.keyExchange('failed')
    if (outcome.failed || outcome.completed || !this.#own?.halfOpen) this.leave()
    return outcome
  }

  /**
   * Makes the key durable and returns what to answer: `dh_gen_ok`, or a request for another key where the id is taken.
   */
  async store(completed: CompletedExchange): Promise<Buffer> {
    const { key } = completed
    const { authKeys } = this.#ctx.ports
    if (authKeys.cached(key.id) ?? (await authKeys.load(key.id))) return completed.refuse()
    await authKeys.create(key)
    this.#ctx.ports.telemetry?.keyExchange('completed')
    return completed.reply
  }

  leave(): void {
    if (!this.#entered) return
    this.#entered = false
    this.dueMs = 0
    this.#ctx.exchanges.leave(this.#link.remoteAddress)
  }

  #enter(nowMs: number): boolean {
    if (!this.#ctx.exchanges.enter(this.#link.remoteAddress, nowMs)) return false
    this.#entered = true
    this.dueMs = nowMs + this.#ctx.limits.exchangeMs
    return true
  }
}
