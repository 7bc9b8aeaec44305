import { randomBytes } from '@heliograph/gateway/mtproto'
import { RPC_ERROR_ID } from '@heliograph/schemas/tl'
import type { Latencies } from '../latency.ts'
import { MARK, MessageTemplate, numberIn } from './message-template.ts'
import type { LoadUser } from './user.ts'

const MARK_BYTES = Buffer.from(MARK)

/** A sender and a receiver, with the times of what passes between them. */
export class Pair {
  readonly sender: LoadUser
  readonly receiver: LoadUser
  readonly receiverSeesSender: bigint
  sent = 0
  acknowledged = 0
  delivered = 0
  /** Called when message `number` was acknowledged, and when the peer has it. */
  onAcknowledged: (number: number) => void = () => {}
  onDelivered: (number: number) => void = () => {}
  acknowledgedAfter: Latencies | undefined
  deliveredAfter: Latencies | undefined
  private readonly template: MessageTemplate
  private readonly sentAt: number[] = []

  /** `peer` addresses the receiver for the sender, `receiverSeesSender` is the access hash the other way round. */
  constructor(
    sender: LoadUser,
    receiver: LoadUser,
    peer: { userId: number; accessHash: bigint },
    receiverSeesSender: bigint,
  ) {
    this.sender = sender
    this.receiver = receiver
    this.receiverSeesSender = receiverSeesSender
    this.template = new MessageTemplate(peer, randomBytes(8).readBigInt64LE(0) >> 2n)
    receiver.link.onUpdate = (body) => this.update(body)
  }

  send(): void {
    const number = this.sent++
    this.sentAt[number] = performance.now()
    this.sender.link.send(this.template.with(number), (result) => {
      if (result.readInt32LE(0) === RPC_ERROR_ID)
        throw new Error(`send failed: ${result.subarray(9).toString()}`)
      this.acknowledged++
      this.acknowledgedAfter?.add(this.since(number))
      this.onAcknowledged(number)
    })
  }

  private update(body: Buffer): void {
    for (let rest = body; rest.includes(MARK_BYTES); rest = rest.subarray(rest.indexOf(MARK_BYTES) + 1)) {
      const number = numberIn(rest) as number
      if (number !== this.delivered)
        throw new Error(`message ${number} arrived where ${this.delivered} was next`)
      this.delivered++
      this.deliveredAfter?.add(this.since(number))
      this.onDelivered(number)
    }
  }

  private since(number: number): number {
    return (performance.now() - (this.sentAt[number] as number)) * 1000
  }
}
