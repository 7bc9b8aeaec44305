import { RpcError } from '@heliograph/schemas/tl'
import { StoreUnavailable } from '@heliograph/storage'
import { LogUnavailable } from '@heliograph/topics'
import type { Logger } from './services.ts'

/** A store that is away is told of at most this often, however many calls meet it. */
export const OUTAGE_NOTICE_MS = 60_000

/**
 * What a call answers that met a store which is away for now: an error of the server, which clients repeat. A repeated
 * command is the same command to its actor (same sender, same random id), and has the effect of the first, once.
 */
export class Outage {
  readonly #log: Logger
  readonly #nowMs: () => number
  #toldAtMs = Number.NEGATIVE_INFINITY
  #untold = 0

  constructor(log: Logger, nowMs: () => number) {
    this.#log = log
    this.#nowMs = nowMs
  }

  /** The error to answer with: `error` itself unless a store was away. */
  refusalOf(error: unknown): unknown {
    const log = error instanceof LogUnavailable
    if (!log && !(error instanceof StoreUnavailable)) return error
    this.#tell(error.message)
    return new RpcError(500, log ? 'LOG_UNAVAILABLE' : 'STORE_UNAVAILABLE')
  }

  #tell(reason: string): void {
    const now = this.#nowMs()
    this.#untold++
    if (now - this.#toldAtMs < OUTAGE_NOTICE_MS) return
    this.#log.warn({ reason, calls: this.#untold }, 'calls are refused while a store is away')
    this.#toldAtMs = now
    this.#untold = 0
  }
}
