import { StoreUnavailable } from '@heliograph/storage'
import { LogUnavailable } from '@heliograph/topics'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import type { Count } from '../registry/counter.ts'
import type { Distribution } from '../registry/histogram.ts'

/** A store that takes this long is told of. */
export const SLOW_MS = 1_000
/** Of slow calls of one kind no more than one is told of within this. */
export const SLOW_LOG_EVERY_MS = 60_000

/** One kind of call to one store, measured. */
export class Timed {
  readonly #took: Distribution
  readonly #pending: Count
  readonly #unavailable: Count
  readonly #otherwise: Count
  readonly #slow: (tookMs: number) => void

  constructor(metrics: Metrics, log: Logger, store: string, operation: string) {
    this.#took = metrics.operations.with(store, operation)
    this.#pending = metrics.pending.with(store, operation)
    this.#unavailable = metrics.failures.with(store, operation, 'unavailable')
    this.#otherwise = metrics.failures.with(store, operation, 'other')
    this.#slow = slowLog(log, store, operation)
  }

  /** Watches a call and gives back the very promise, so that nobody waits longer for being measured. */
  watch<T>(call: Promise<T>): Promise<T> {
    const begun = performance.now()
    this.#pending.value++
    call.then(
      () => this.#ended(begun),
      (error: unknown) => this.#failed(error),
    )
    return call
  }

  #ended(begun: number): void {
    const tookMs = performance.now() - begun
    this.#pending.value--
    this.#took.observe(tookMs / 1000)
    if (tookMs >= SLOW_MS) this.#slow(tookMs)
  }

  #failed(error: unknown): void {
    this.#pending.value--
    const expected = error instanceof StoreUnavailable || error instanceof LogUnavailable
    if (expected) this.#unavailable.add()
    else this.#otherwise.add()
  }
}

function slowLog(log: Logger, store: string, operation: string): (tookMs: number) => void {
  let quietUntil = 0
  return (tookMs) => {
    const now = performance.now()
    if (now < quietUntil) return
    quietUntil = now + SLOW_LOG_EVERY_MS
    log.warn({ store, operation, tookMs: Math.round(tookMs) }, 'a store is slow')
  }
}
