import type { FileLocation } from '../files/transfer.ts'
import type { Findings } from './findings.ts'

/** Updates that may wait for one that is missing before the difference is asked for anyway. */
export const MAX_HELD = 10_000

/** A new message in a mailbox: which of this run's messages it is, or stream -1 for another one. */
export interface MailboxMessage {
  readonly msgId: number
  readonly stream: number
  readonly number: number
  /** Of a message with a document. */
  readonly file?: FileLocation
}

interface Held {
  readonly pts: number
  readonly ptsCount: number
  readonly message: MailboxMessage | undefined
}

/** One answer of `updates.getDifference`, as far as counting goes. */
export interface DifferencePart {
  readonly messages: readonly MailboxMessage[]
  /** Updates beside the messages. */
  readonly others: number
  /** pts after this part. */
  readonly pts: number
}

/**
 * Follows one user's updates as a client must (core.telegram.org/api/updates): each pts once, in order, what comes early is
 * held, what came already is passed over, and the difference closes gaps. Whatever a client would miss or see twice by that
 * is a finding.
 */
export class Mailbox {
  pts = 0
  /** Passed over because the difference, or another connection, had told it already. */
  repeats = 0
  hasSkipped = false
  private lastMsgId = 0
  private held: Held[] = []
  private heldSinceMs = 0
  private readonly name: string
  readonly findings: Findings
  private readonly onMessage: (message: MailboxMessage) => void
  private readonly isKnown: (message: MailboxMessage) => boolean

  /** `onMessage` gets each new message once; `isKnown` tells whether it got this one. */
  constructor(
    name: string,
    findings: Findings,
    onMessage: (message: MailboxMessage) => void,
    isKnown: (message: MailboxMessage) => boolean,
  ) {
    this.name = name
    this.findings = findings
    this.onMessage = onMessage
    this.isKnown = isKnown
  }

  /**
   * One update that counts; one whose count is 0 says again, at the pts of today, what was told before, as the answer to a
   * repeated request does. With `hold` (a difference is on its way) it waits.
   */
  take(
    pts: number,
    ptsCount: number,
    message: MailboxMessage | undefined,
    nowMs: number,
    hold = false,
  ): void {
    if (pts <= this.pts) this.passOver(pts, message)
    else if (!hold && pts === this.pts + ptsCount) this.apply(pts, message, nowMs)
    else this.hold({ pts, ptsCount, message }, nowMs)
  }

  /** Since when something has been missing, in the caller's milliseconds; undefined: nothing is. */
  get gapSinceMs(): number | undefined {
    return this.held.length > 0 ? this.heldSinceMs : undefined
  }

  get isFull(): boolean {
    return this.held.length >= MAX_HELD
  }

  /** A part of the difference since `pts`; what was held and is newer comes after the last one (`resume`). */
  difference({ messages, others, pts }: DifferencePart): void {
    const moved = pts - this.pts
    if (moved < 0) this.findings.add('pts gap', `${this.name}: pts went back from ${this.pts} to ${pts}`)
    else if (others === 0 ? moved !== messages.length : moved < messages.length)
      this.findings.add(
        'pts gap',
        `${this.name}: a difference of ${moved} from pts ${this.pts} has ${messages.length} messages and ${others} others`,
      )
    this.pts = pts
    for (const message of messages) this.tell(message)
  }

  /** The client was too far behind to be told everything: its updates leave something out from here on. */
  skipTo(pts: number): void {
    this.pts = pts
    this.hasSkipped = true
  }

  /** After a difference: goes on with what was held. */
  resume(nowMs: number): void {
    this.drain(nowMs)
  }

  private apply(pts: number, message: MailboxMessage | undefined, nowMs: number): void {
    this.pts = pts
    if (message !== undefined) this.tell(message)
    if (this.held.length > 0) this.drain(nowMs)
  }

  private tell(message: MailboxMessage): void {
    if (message.msgId <= this.lastMsgId)
      this.findings.add('out of order', `${this.name}: message ${message.msgId} after ${this.lastMsgId}`)
    else this.lastMsgId = message.msgId
    this.onMessage(message)
  }

  /** A pts that is behind us: its message must be one that we have. */
  private passOver(pts: number, message: MailboxMessage | undefined): void {
    this.repeats++
    if (message !== undefined && !this.hasSkipped && !this.isKnown(message))
      this.findings.add(
        'pts gap',
        `${this.name}: message ${message.msgId} at pts ${pts} is new, though pts is ${this.pts}`,
      )
  }

  private hold(held: Held, nowMs: number): void {
    if (this.held.length === 0) this.heldSinceMs = nowMs
    if (!this.isFull) this.held.push(held)
  }

  private drain(nowMs: number): void {
    const waiting = this.held.sort((a, b) => a.pts - b.pts)
    this.held = []
    for (const { pts, ptsCount, message } of waiting) this.take(pts, ptsCount, message, nowMs)
  }
}
