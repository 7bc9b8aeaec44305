import { setTimeout as wait } from 'node:timers/promises'
import { LogUnavailable } from '../log.ts'
import { FIRST_BACKOFF_MS, MAX_BACKOFF_MS } from './limits.ts'

/** Waits longer from time to time, with jitter, up to a limit. */
export class Backoff {
  #nextMs = FIRST_BACKOFF_MS

  async pause(): Promise<void> {
    const ms = this.#nextMs
    this.#nextMs = Math.min(ms * 2, MAX_BACKOFF_MS)
    await wait(ms * (0.5 + Math.random() / 2), undefined, { ref: false })
  }

  reset(): void {
    this.#nextMs = FIRST_BACKOFF_MS
  }
}

/** Repeats what fails with `LogUnavailable`, until it works or the time is over; then rejects with the last failure. */
export async function persist<T>(timeoutMs: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + timeoutMs
  const backoff = new Backoff()
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof LogUnavailable) || Date.now() >= deadline) throw error
    }
    await backoff.pause()
  }
}
