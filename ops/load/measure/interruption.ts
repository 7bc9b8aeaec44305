/** Windows that are kept; more are only counted into the longest. */
const MAX_WINDOWS = 1_000

/** A time without service; milliseconds of the clock that the interruption is told. */
export interface Window {
  readonly fromMs: number
  readonly ms: number
}

/**
 * How long a service (one chat, or all together) did not answer: the time with something due in which no acknowledgement
 * came. Times are milliseconds of one clock.
 */
export class Interruption {
  /** The longest so far. */
  longestMs = 0
  /** Those of at least `listedFromMs`. */
  readonly windows: Window[] = []
  private readonly listedFromMs: number
  private due = 0
  private sinceMs = 0

  constructor(listedFromMs = Number.POSITIVE_INFINITY) {
    this.listedFromMs = listedFromMs
  }

  /** A message is due; `intendedMs` is when it was meant to go. */
  began(intendedMs: number): void {
    if (this.due++ === 0) this.sinceMs = Math.max(this.sinceMs, intendedMs)
  }

  /** One of them was acknowledged; with `isOwnFault` the time before says nothing of the server. */
  answered(nowMs: number, isOwnFault = false): void {
    this.due--
    if (!isOwnFault) this.note(nowMs)
    this.sinceMs = nowMs
  }

  /** One of them will not be: it says nothing of the others. */
  dropped(): void {
    this.due--
  }

  /** Counts what has lasted until now. */
  note(nowMs: number): void {
    const ms = nowMs - this.sinceMs
    if (ms > this.longestMs) this.longestMs = ms
    if (ms >= this.listedFromMs && this.windows.length < MAX_WINDOWS)
      this.windows.push({ fromMs: this.sinceMs, ms })
  }

  /** Since when something has been due without an answer; undefined where nothing is. */
  get waitingSinceMs(): number | undefined {
    return this.due > 0 ? this.sinceMs : undefined
  }

  get isWaiting(): boolean {
    return this.due > 0
  }
}
