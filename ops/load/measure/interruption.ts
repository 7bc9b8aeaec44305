/**
 * How long a service (one chat, or all together) did not answer: the time with something due in which no acknowledgement
 * came. Times are milliseconds of one clock.
 */
export class Interruption {
  /** The longest so far. */
  longestMs = 0
  private due = 0
  private sinceMs = 0

  /** A message is due; `intendedMs` is when it was meant to go. */
  began(intendedMs: number): void {
    if (this.due++ === 0) this.sinceMs = intendedMs
  }

  /** One of them was acknowledged. */
  answered(nowMs: number): void {
    this.due--
    this.note(nowMs)
    this.sinceMs = nowMs
  }

  /** One of them will not be: it says nothing of the others. */
  dropped(): void {
    this.due--
  }

  /** Counts what has lasted until now. */
  note(nowMs: number): void {
    if (nowMs - this.sinceMs > this.longestMs) this.longestMs = nowMs - this.sinceMs
  }

  get isWaiting(): boolean {
    return this.due > 0
  }
}
