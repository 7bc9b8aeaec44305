import type { Findings } from './findings.ts'

const ACKNOWLEDGED = 1
/** Sent more than once, failed on the way, or of a kind that others overtake: its place among the others is no longer the order of sending. */
const REPEATED = 2
/** Refused for good: it must not be anywhere. */
const REFUSED = 4

export type Side = 'sender' | 'receiver'

/** What one direction of a chat has sent, and what both mailboxes told of it: messages are numbered from 0. */
export class StreamLedger {
  readonly name: string
  /** When each message was meant to be sent, in milliseconds of the run. */
  readonly intendedMs: number[] = []
  acknowledgedCount = 0
  receivedCount = 0
  private readonly flags: number[] = []
  /** The message's id in each mailbox, 0 until that mailbox told of it. */
  private readonly ids: Readonly<Record<Side, number[]>> = { sender: [], receiver: [] }
  private readonly findings: Findings
  private firstMissing = 0

  constructor(name: string, findings: Findings) {
    this.name = name
    this.findings = findings
  }

  get count(): number {
    return this.flags.length
  }

  /** A message that will be sent, after which those that are opened later need not come; gives its number. */
  openUnordered(intendedMs: number): number {
    const number = this.open(intendedMs)
    this.repeated(number)
    return number
  }

  /** A message that will be sent; gives its number. */
  open(intendedMs: number): number {
    this.ids.sender.push(0)
    this.ids.receiver.push(0)
    this.intendedMs.push(intendedMs)
    return this.flags.push(0) - 1
  }

  /** The message goes out again, or failed in a way that leaves open whether it was taken. */
  repeated(number: number): void {
    this.flags[number]! |= REPEATED
  }

  refused(number: number, why: string): void {
    this.flags[number]! |= REFUSED
    this.findings.add('refused', `${this.name} #${number}: ${why}`)
  }

  acknowledged(number: number, msgId: number): void {
    this.flags[number]! |= ACKNOWLEDGED
    this.acknowledgedCount++
    const known = this.ids.sender[number]
    if (known !== 0 && known !== msgId)
      this.findings.add('doubled', `${this.name} #${number} is message ${known}, acknowledged as ${msgId}`)
  }

  /** One of the two mailboxes told of the message. */
  told(side: Side, number: number, msgId: number): void {
    const ids = this.ids[side]
    const known = ids[number]
    if (known === undefined) {
      this.findings.add('foreign', `${this.name} #${number}, never sent, is in the ${side}'s updates`)
    } else if (known !== 0) {
      this.findings.add(
        'doubled',
        `${this.name} #${number} is messages ${known} and ${msgId} of the ${side}'s updates`,
      )
    } else {
      ids[number] = msgId
      if (side === 'receiver') this.receivedCount++
    }
  }

  wasTold(side: Side, number: number): boolean {
    return (this.ids[side][number] ?? 0) !== 0
  }

  isAcknowledged(number: number): boolean {
    return (this.flags[number]! & ACKNOWLEDGED) !== 0
  }

  isRepeated(number: number): boolean {
    return (this.flags[number]! & REPEATED) !== 0
  }

  isRefused(number: number): boolean {
    return (this.flags[number]! & REFUSED) !== 0
  }

  idIn(side: Side, number: number): number {
    return this.ids[side][number] ?? 0
  }

  /** The oldest message that was acknowledged and has not reached the receiver, or undefined. */
  oldestUndelivered(): number | undefined {
    const received = this.ids.receiver
    while (this.firstMissing < received.length && received[this.firstMissing] !== 0) this.firstMissing++
    if (this.receivedCount >= this.acknowledgedCount) return undefined
    for (let number = this.firstMissing; number < received.length; number++)
      if (received[number] === 0 && this.isAcknowledged(number)) return number
    return undefined
  }

  /** After the last difference: each of these mailboxes must have told of every acknowledged message. */
  checkTold(sides: readonly Side[] = ['sender', 'receiver']): void {
    for (let number = 0; number < this.count; number++) {
      if (!this.isAcknowledged(number)) continue
      for (const side of sides)
        if (!this.wasTold(side, number))
          this.findings.add('lost', `${this.name} #${number} never came in the ${side}'s updates`)
    }
  }
}
