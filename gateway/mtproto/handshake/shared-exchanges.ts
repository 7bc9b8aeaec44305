import { readPlainMessage } from './plain-message.ts'
import { EXCHANGE_LIFETIME_MS, type ExchangeOutcome, KeyExchange, type KeyExchangeOptions } from './server.ts'
import { ID, MalformedMessage, WireReader } from './wire.ts'

/** Half-open exchanges over HTTP in the whole process; the oldest gives way. */
export const MAX_SHARED_EXCHANGES = 1000

interface Entry {
  readonly exchange: KeyExchange
  readonly sinceMs: number
}

/**
 * Key exchanges of clients that speak HTTP, where each message may come on another connection: they are told apart by the
 * server nonce, which nobody else knows.
 */
export class SharedExchanges {
  readonly #options: KeyExchangeOptions
  /** In order of age. */
  readonly #open = new Map<string, Entry>()

  constructor(options: KeyExchangeOptions) {
    this.#options = options
  }

  /** As `KeyExchange.receive`. */
  receive(packet: Uint8Array, nowMs: number): ExchangeOutcome {
    const serverNonce = serverNonceOf(packet)
    if (serverNonce === 'malformed') return { failed: 'malformed' }
    if (serverNonce === undefined) return this.#begin(packet, nowMs)
    return this.#open.get(serverNonce)?.exchange.receive(packet, nowMs) ?? { failed: 'unexpected' }
  }

  #begin(packet: Uint8Array, nowMs: number): ExchangeOutcome {
    this.#makeRoom(nowMs)
    const exchange = new KeyExchange(this.#options)
    const outcome = exchange.receive(packet, nowMs)
    const serverNonce = exchange.serverNonce?.toString('hex')
    if (serverNonce !== undefined) this.#open.set(serverNonce, { exchange, sinceMs: nowMs })
    return outcome
  }

  #makeRoom(nowMs: number): void {
    for (const [serverNonce, entry] of this.#open) {
      const expired = nowMs - entry.sinceMs > EXCHANGE_LIFETIME_MS
      if (!expired && this.#open.size < MAX_SHARED_EXCHANGES) return
      this.#open.delete(serverNonce)
    }
  }
}

/** The server nonce that a message names; undefined for the first message of an exchange. */
function serverNonceOf(packet: Uint8Array): string | undefined | 'malformed' {
  try {
    const reader = new WireReader(readPlainMessage(packet))
    const id = reader.id()
    if (id === ID.req_pq || id === ID.req_pq_multi) return undefined
    reader.raw(16)
    return reader.raw(16).toString('hex')
  } catch (error) {
    if (error instanceof MalformedMessage) return 'malformed'
    throw error
  }
}
