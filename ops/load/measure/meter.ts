import { newHistogram, packed, record } from './histogram.ts'
import { Interruption } from './interruption.ts'

/** What one process did in one interval; histograms are packed microseconds. */
export interface Sample {
  readonly sent: number
  readonly acknowledged: number
  readonly delivered: number
  readonly signUps: number
  readonly inFlight: number
  readonly connections: number
  readonly reconnects: number
  /** By kind, such as FLOOD_WAIT, 500 TIMEOUT, connection lost. */
  readonly errors: Readonly<Record<string, number>>
  readonly acknowledgedAfter: string | undefined
  readonly deliveredAfter: string | undefined
  /** How late this program itself was to send. */
  readonly lateness: string | undefined
}

/** Counts one process's traffic, interval by interval. */
export class Meter {
  inFlight = 0
  connections = 0
  /** Gaps in pts that a difference closed, and messages that came only because the difference was asked for. */
  gaps = 0
  silentGaps = 0
  readonly service = new Interruption()
  private sentCount = 0
  private acknowledgedCount = 0
  private deliveredCount = 0
  private signUpCount = 0
  private reconnectCount = 0
  private errors: Record<string, number> = {}
  private readonly acknowledgedAfter = newHistogram()
  private readonly deliveredAfter = newHistogram()
  private readonly lateness = newHistogram()

  /** A message is due; `lateMs` is what this program itself lost before it took it up. */
  sent(lateMs: number): void {
    this.sentCount++
    record(this.lateness, lateMs * 1000)
  }

  acknowledged(afterMs: number): void {
    this.acknowledgedCount++
    record(this.acknowledgedAfter, afterMs * 1000)
  }

  delivered(afterMs: number): void {
    this.deliveredCount++
    record(this.deliveredAfter, afterMs * 1000)
  }

  signedUp(): void {
    this.signUpCount++
  }

  reconnected(): void {
    this.reconnectCount++
  }

  error(kind: string): void {
    this.errors[kind] = (this.errors[kind] ?? 0) + 1
  }

  /** What happened since the last call. */
  take(): Sample {
    const sample: Sample = {
      sent: this.sentCount,
      acknowledged: this.acknowledgedCount,
      delivered: this.deliveredCount,
      signUps: this.signUpCount,
      inFlight: this.inFlight,
      connections: this.connections,
      reconnects: this.reconnectCount,
      errors: this.errors,
      acknowledgedAfter: packed(this.acknowledgedAfter),
      deliveredAfter: packed(this.deliveredAfter),
      lateness: packed(this.lateness),
    }
    this.sentCount = this.acknowledgedCount = this.deliveredCount = 0
    this.signUpCount = this.reconnectCount = 0
    this.errors = {}
    for (const each of [this.acknowledgedAfter, this.deliveredAfter, this.lateness]) each.reset()
    return sample
  }
}
