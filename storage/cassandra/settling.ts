import { StoreUnavailable } from '../tables.ts'

/**
 * From when this process has written again after the loss of a node: whoever has not done so by then is taken to have ended with it. Well
 * above the wait until a process connects again (`LAST_RECONNECT_MS`).
 */
export const MAX_ABSENCE_MS = 5_000
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
