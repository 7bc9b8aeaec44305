import type { UserId } from '@heliograph/schemas/avro'

/** How long a user without a connection still counts as there: clients reconnect all the time. */
export const OFFLINE_DELAY_MS = 15_000

/** Calls back for users who left and have not come again within the delay. */
export class Departures {
  readonly #gone: (userId: UserId) => void
  readonly #delayMs: number
  readonly #timers = new Map<UserId, NodeJS.Timeout>()

  constructor(gone: (userId: UserId) => void, delayMs = OFFLINE_DELAY_MS) {
    this.#gone = gone
    this.#delayMs = delayMs
  }

  left(userId: UserId): void {
    this.cameBack(userId)
    const timer = setTimeout(() => {
      this.#timers.delete(userId)
      this.#gone(userId)
    }, this.#delayMs)
    this.#timers.set(userId, timer.unref())
  }

  cameBack(userId: UserId): void {
    clearTimeout(this.#timers.get(userId))
    this.#timers.delete(userId)
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }
}
