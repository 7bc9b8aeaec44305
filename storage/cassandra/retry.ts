import { isTransient, storeFailure } from './failures.ts'

/**
 * Attempts at one request, the first included. Everything that is sent is safe to repeat. While the driver has no connection
 * they fail at once: their pauses must outlast its wait until it connects again (`LAST_RECONNECT_MS`).
 */
export const MAX_ATTEMPTS = 5
/** Before the second attempt; each further wait is so many times longer. */
const FIRST_PAUSE_MS = 50
const PAUSE_GROWTH = 4
/** No attempt begins later than this after the first. */
export const MAX_RETRYING_MS = 8_000
/** Pauses vary by this share, so that those who failed together do not come back together. */
const JITTER = 0.5

export interface Pauses {
  readonly nowMs: () => number
  readonly pause: (ms: number) => Promise<void>
  /** At least 0, below 1. */
  readonly random: () => number
}

const realPauses: Pauses = {
  nowMs: Date.now,
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
}

/**
 * Does what may be done more than once, again after transient failures.
 * @throws StoreUnavailable when all attempts failed; anything that is not transient at once
 */
export async function persistently<T>(attempt: () => Promise<T>, pauses: Pauses = realPauses): Promise<T> {
  const until = pauses.nowMs() + MAX_RETRYING_MS
  let pauseMs = FIRST_PAUSE_MS
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt()
    } catch (error) {
      if (!isTransient(error) || attempts >= MAX_ATTEMPTS || pauses.nowMs() + pauseMs > until) {
        throw storeFailure(error)
      }
    }
    await pauses.pause(pauseMs * (1 - JITTER * pauses.random()))
    pauseMs *= PAUSE_GROWTH
  }
}
