import { StoreUnavailable } from '../tables.ts'

/**
 * From when requests are answered again after a node was lost: within it the other processes notice (`LAST_RECONNECT_MS`, and how often they
 * ask) and have written again what the node may have lost with its end.
 */
export const SETTLE_MS = 2_000
/** A read waits no longer for that. */
export const MAX_SETTLING_WAIT_MS = 8_000

/**
 * Makes reads wait from the loss of a node until its rows are whole again. A read that came in between would find rows of before those that
 * somebody was told of, and be believed.
 */
export class Settling {
  #settled: Promise<void> | undefined
  #end: () => void = () => undefined

  begin(): void {
    this.#settled ??= new Promise((resolve) => {
      this.#end = resolve
    })
  }

  end(): void {
    this.#settled = undefined
    this.#end()
  }

  /** Undefined where nothing has to be waited for. Rejects with StoreUnavailable where that takes too long. */
  until(): Promise<void> | undefined {
    const settled = this.#settled
    if (settled === undefined) return undefined
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      const error = new StoreUnavailable(
        `a node of Cassandra was lost and has not been whole for ${MAX_SETTLING_WAIT_MS} ms`,
      )
      timer = setTimeout(() => reject(error), MAX_SETTLING_WAIT_MS)
    })
    return Promise.race([settled, late]).finally(() => clearTimeout(timer))
  }
}
