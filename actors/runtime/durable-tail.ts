/**
 * The last part of every batch, once it is durable: in order, while the next batches are already being handled. A failure
 * ends it; what comes after is dropped.
 */
export class DurableTail {
  readonly #maxInFlight: number
  readonly #failed: () => void
  #last: Promise<void> = Promise.resolve()
  #inFlight = 0
  #room: (() => void) | undefined

  /** @param failed called once, when a batch did not become durable or what follows it has failed; `drained` then rejects */
  constructor(maxInFlight: number, failed: () => void) {
    this.#maxInFlight = maxInFlight
    this.#failed = failed
  }

  /** `finish` runs when the batch is `durable` and the batches before have finished. */
  push(durable: Promise<unknown>, finish: () => void): void {
    this.#inFlight++
    const last = this.#after(this.#last, durable, finish)
    last.catch(this.#failed)
    this.#last = last
  }

  async #after(before: Promise<void>, durable: Promise<unknown>, finish: () => void): Promise<void> {
    await Promise.all([before, durable])
    finish()
    this.#inFlight--
    this.#room?.()
  }

  /** Resolves when there is room for another batch; undefined where there is already. Does not resolve after a failure. */
  room(): Promise<void> | undefined {
    if (this.#inFlight < this.#maxInFlight) return undefined
    return Promise.race([this.#last, new Promise<void>((resolve) => (this.#room = resolve))])
  }

  /** Resolves when every batch has finished. */
  drained(): Promise<void> {
    return this.#last
  }
}
