import { newHistogram, packed, record } from './histogram.ts'
import { Interruption } from './interruption.ts'

/** Interruptions of all chats together that are listed one by one. */
const OUTAGE_MS = 500

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
  /** Bytes of files that the server took, and gave. */
  readonly bytesUp: number
  readonly bytesDown: number
  /** Files that were sent, those of them whose content had been sent before or will be again, and those that came whole. */
  readonly filesSent: number
  readonly filesRepeated: number
  readonly filesReceived: number
  /** From the intended time to the acknowledgement of the message, upload included; and from the receiver's update to the last byte. */
  readonly fileSentAfter: string | undefined
  readonly fileReceivedAfter: string | undefined
}

/** Counts one process's traffic, interval by interval. */
export class Meter {
  inFlight = 0
  connections = 0
  /** Gaps in pts that a difference closed, and messages that came only because the difference was asked for. */
  gaps = 0
  silentGaps = 0
  readonly service = new Interruption(OUTAGE_MS)
  private sentCount = 0
  private acknowledgedCount = 0
  private deliveredCount = 0
  private signUpCount = 0
  private reconnectCount = 0
  private errors: Record<string, number> = {}
  private readonly acknowledgedAfter = newHistogram()
  private readonly deliveredAfter = newHistogram()
  private readonly lateness = newHistogram()
  private readonly fileSentAfter = newHistogram()
  private readonly fileReceivedAfter = newHistogram()
  private bytesUp = 0
  private bytesDown = 0
  private filesSent = 0
  private filesRepeated = 0
  private filesReceived = 0

  /** A message is due; `lateMs` is what this program itself lost before it took it up, undefined where it was meant for no moment. */
  sent(lateMs: number | undefined): void {
    this.sentCount++
    if (lateMs !== undefined) record(this.lateness, lateMs * 1000)
  }

  /** Without a time where it says nothing of the server, because the client itself was slow. */
  acknowledged(afterMs: number | undefined): void {
    this.acknowledgedCount++
    if (afterMs !== undefined) record(this.acknowledgedAfter, afterMs * 1000)
  }

  delivered(afterMs: number | undefined): void {
    this.deliveredCount++
    if (afterMs !== undefined) record(this.deliveredAfter, afterMs * 1000)
  }

  uploaded(bytes: number): void {
    this.bytesUp += bytes
  }

  downloaded(bytes: number): void {
    this.bytesDown += bytes
  }

  fileSent(afterMs: number | undefined, isRepeated: boolean): void {
    this.filesSent++
    if (isRepeated) this.filesRepeated++
    if (afterMs !== undefined) record(this.fileSentAfter, afterMs * 1000)
  }

  fileReceived(afterMs: number | undefined): void {
    this.filesReceived++
    if (afterMs !== undefined) record(this.fileReceivedAfter, afterMs * 1000)
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
      ...this.files(),
    }
    this.sentCount = this.acknowledgedCount = this.deliveredCount = 0
    this.signUpCount = this.reconnectCount = 0
    this.errors = {}
    this.bytesUp = this.bytesDown = this.filesSent = this.filesRepeated = this.filesReceived = 0
    const { acknowledgedAfter, deliveredAfter, lateness, fileSentAfter, fileReceivedAfter } = this
    for (const each of [acknowledgedAfter, deliveredAfter, lateness, fileSentAfter, fileReceivedAfter])
      each.reset()
    return sample
  }

  private files() {
    const { bytesUp, bytesDown, filesSent, filesRepeated, filesReceived } = this
    return {
      bytesUp,
      bytesDown,
      filesSent,
      filesRepeated,
      filesReceived,
      fileSentAfter: packed(this.fileSentAfter),
      fileReceivedAfter: packed(this.fileReceivedAfter),
    }
  }
}
