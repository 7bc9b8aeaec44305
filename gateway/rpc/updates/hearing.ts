import type { UserId } from '@heliograph/schemas/avro'

/** How long a state or difference waits for this node to hear of the user's updates; without a bus they are answered all the same. */
export const MAX_HEARING_WAIT_MS = 1_000

/**
 * Whether this node hears what happens to a user. A state or difference is read after that: what is not in it will be pushed,
 * and nothing falls between the two.
 */
export class Hearing {
  readonly #pending = new Map<UserId, Promise<void>>()

  /** Called when a user's first session is attached, with what resolves (or fails) when its channels are subscribed to. */
  begin(userId: UserId, subscribed: Promise<unknown>): void {
    const ended: Promise<void> = subscribed.then(
      () => this.#end(userId, ended),
      () => this.#end(userId, ended),
    )
    this.#pending.set(userId, ended)
  }

  /** Undefined where nothing has to be waited for. */
  until(userId: UserId): Promise<void> | undefined {
    const pending = this.#pending.get(userId)
    if (pending === undefined) return undefined
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, MAX_HEARING_WAIT_MS)
    })
    return Promise.race([pending, late]).finally(() => clearTimeout(timer))
  }

  #end(userId: UserId, ended: Promise<void>): void {
    if (this.#pending.get(userId) === ended) this.#pending.delete(userId)
  }
}
