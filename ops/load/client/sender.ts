import type { LoadLink } from '../../bench/load/link.ts'
import type { Meter } from '../measure/meter.ts'
import { failureOf } from './answer.ts'

/** Unanswered messages of one user; the server runs 1,024 calls of a session at once. */
const WINDOW = 500
/** Messages of one user that may wait, for example while it cannot connect. */
const MAX_WAITING = 1_000_000

/** A message that is to be sent until it is acknowledged or refused. */
export interface Outgoing {
  body(): Buffer
  /** It may be sent, or have been carried out, more than once. */
  repeated(): void
  acknowledged(result: Buffer): void
  refused(kind: string): void
}

/** One user's messages: in order, repeated on a new connection and after errors that allow it. */
export class Sender {
  private waiting: Outgoing[] = []
  private head = 0
  private readonly underWay = new Map<Outgoing, number>()
  private link: LoadLink | undefined
  private isStopped = false
  private readonly meter: Meter

  constructor(meter: Meter) {
    this.meter = meter
  }

  send(message: Outgoing): void {
    if (this.waiting.length - this.head >= MAX_WAITING)
      throw new Error(`more than ${MAX_WAITING} messages of one user wait: the rate is out of reach`)
    this.waiting.push(message)
    this.pump()
  }

  /** There is a connection: what is unanswered goes again, before what was never sent. */
  ready(link: LoadLink): void {
    if (this.isStopped) return
    this.link = link
    this.pump()
  }

  lost(): void {
    this.link = undefined
    const again = [...this.underWay.keys()]
    this.underWay.clear()
    for (const message of again) message.repeated()
    this.waiting = [...again, ...this.waiting.slice(this.head)]
    this.head = 0
  }

  /** Sends nothing more and hears no more answers: what is unanswered stays so. */
  stop(): void {
    this.isStopped = true
    this.lost()
  }

  /** When the oldest unanswered message was sent. */
  get oldestMs(): number | undefined {
    const [first] = this.underWay.values()
    return first
  }

  private pump(): void {
    const { link } = this
    if (link === undefined) return
    while (this.head < this.waiting.length && this.underWay.size < WINDOW)
      this.transmit(link, this.waiting[this.head++] as Outgoing)
    if (this.head === this.waiting.length && this.head > 0) {
      this.waiting = []
      this.head = 0
    }
  }

  private transmit(link: LoadLink, message: Outgoing): void {
    this.underWay.set(message, performance.now())
    link.send(message.body(), (result) => {
      if (this.link === link && this.underWay.delete(message)) this.answered(message, result)
    })
  }

  private answered(message: Outgoing, result: Buffer): void {
    const failure = failureOf(result)
    if (failure === undefined) message.acknowledged(result)
    else this.failed(message, failure.kind, failure.retryAfterMs)
    this.pump()
  }

  private failed(message: Outgoing, kind: string, retryAfterMs: number | undefined): void {
    this.meter.error(kind)
    if (retryAfterMs === undefined) return message.refused(kind)
    message.repeated()
    setTimeout(() => this.send(message), retryAfterMs)
  }
}
