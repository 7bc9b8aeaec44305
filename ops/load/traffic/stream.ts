import { encodeCall } from '@heliograph/schemas/tl'
import { LOAD_LAYER } from '../../bench/load/user.ts'
import type { LoadClient } from '../client/client.ts'
import type { Outgoing } from '../client/sender.ts'
import { markText, type Peer, TextTemplate } from '../client/text.ts'
import type { FileLocation } from '../files/transfer.ts'
import type { Interruption } from '../measure/interruption.ts'
import type { Meter } from '../measure/meter.ts'
import type { Findings } from '../verify/findings.ts'
import type { MailboxMessage } from '../verify/mailbox.ts'
import { type Side, StreamLedger } from '../verify/stream.ts'

/** Only a client that has been reading for so long misses something: before, it is on its way. */
const STEADY_MS = 3_000

export interface StreamPorts {
  readonly meter: Meter
  readonly findings: Findings
  /** Called when a message was acknowledged and delivered, or will be neither. */
  onSettled(): void
}

export interface StreamParts {
  readonly index: number
  readonly sender: LoadClient
  readonly receiver: LoadClient
  /** The receiver as the sender addresses it. */
  readonly peer: Peer
  /** Of the chat: shared by its two directions. */
  readonly interruption: Interruption
  readonly textBytes: number
  readonly randomBase: bigint
}

/** A message with an uploaded file. */
export interface FileMessage {
  /** An `InputMedia`. */
  readonly media: object
  acknowledged(): void
  /** The receiver was told of it, once; `done` when its file is there. */
  arrived(name: string, file: FileLocation | undefined, done: () => void): void
  /** True where `again` will be called, to send it once more. */
  refused(kind: string, again: () => void): boolean
}

/** One direction of a chat: who writes to whom, and what became of each message. */
export class Stream {
  readonly index: number
  readonly sender: LoadClient
  readonly receiver: LoadClient
  readonly peer: Peer
  readonly interruption: Interruption
  readonly ledger: StreamLedger
  private readonly template: TextTemplate
  private readonly ports: StreamPorts
  private suspect: number | undefined
  /** Messages with files, until the receiver has the file. */
  private readonly files = new Map<number, FileMessage>()

  constructor(parts: StreamParts, ports: StreamPorts) {
    this.index = parts.index
    this.sender = parts.sender
    this.receiver = parts.receiver
    this.peer = parts.peer
    this.interruption = parts.interruption
    this.ports = ports
    this.template = new TextTemplate(parts.peer, parts.index, parts.textBytes, parts.randomBase)
    const name = `${parts.sender.identity.userId}→${parts.receiver.identity.userId}`
    this.ledger = new StreamLedger(name, ports.findings)
  }

  /** Sends the next message; latencies count from `intendedMs`, when it was meant to go. */
  send(intendedMs: number): void {
    const { meter } = this.ports
    const number = this.ledger.open(intendedMs)
    meter.sent(performance.now() - intendedMs)
    meter.inFlight++
    meter.service.began(intendedMs)
    this.interruption.began(intendedMs)
    this.sender.sender.send({
      body: () => this.template.with(number),
      repeated: () => this.ledger.repeated(number),
      acknowledged: (result) => this.acknowledged(number, result),
      refused: (kind) => this.refused(number, kind),
    })
  }

  /**
   * Sends a message whose file has been uploaded. It says nothing of interruptions and of latencies of texts, which may overtake
   * it, and the closed loop does not wait for it.
   */
  sendFile(file: FileMessage): void {
    const { meter } = this.ports
    const number = this.ledger.openUnordered(performance.now())
    this.files.set(number, file)
    meter.sent(undefined)
    meter.inFlight++
    const body = this.fileBody(number, file)
    const outgoing: Outgoing = {
      body: () => body,
      repeated: () => this.ledger.repeated(number),
      acknowledged: (result) => this.fileAcknowledged(number, file, result),
      refused: (kind) => {
        if (file.refused(kind, () => this.sender.sender.send(outgoing))) return
        meter.inFlight--
        this.files.delete(number)
        this.ledger.refused(number, kind)
      },
    }
    this.sender.sender.send(outgoing)
  }

  /** At the end: the files of acknowledged messages that the receiver was told of and has not got. */
  checkFiles(): void {
    for (const number of this.files.keys())
      if (this.ledger.isAcknowledged(number) && this.ledger.wasTold('receiver', number))
        this.ports.findings.add(
          'lost',
          `the file of ${this.ledger.name} #${number} could not be downloaded in time`,
        )
  }

  /** A mailbox told of message `number` as its `msgId`. */
  told(side: Side, number: number, msgId: number, location?: FileLocation): void {
    const isNew = !this.ledger.wasTold(side, number)
    this.ledger.told(side, number, msgId)
    if (side === 'sender' || number >= this.ledger.count) return
    const file = this.files.get(number)
    if (file !== undefined) {
      this.ports.meter.delivered(undefined)
      const name = `${this.ledger.name} #${number}`
      if (isNew) file.arrived(name, location, () => this.files.delete(number))
      return
    }
    const intendedMs = this.ledger.intendedMs[number] as number
    this.ports.meter.delivered(
      this.receiver.connection.wasSlowSince(intendedMs) ? undefined : performance.now() - intendedMs,
    )
    if (this.ledger.isAcknowledged(number)) this.ports.onSettled()
  }

  /**
   * Every few seconds: a message that was acknowledged and has not come since the last call will not come by itself (a lost
   * publication leaves no gap when it is the last), so the receiver asks.
   */
  sweep(): void {
    const missing = this.ledger.oldestUndelivered()
    const isStuck = missing !== undefined && missing === this.suspect
    const { connection, isInStep } = this.receiver
    const isReading = isInStep && connection.isSteadySince(performance.now() - STEADY_MS)
    this.suspect = isReading ? missing : undefined
    if (!isStuck || !isReading) return
    this.ports.meter.silentGaps++
    void this.receiver.catchUp()
  }

  private acknowledged(number: number, result: Buffer): void {
    const { meter } = this.ports
    const message = this.sender.takeAnswer(result)
    const intendedMs = this.ledger.intendedMs[number] as number
    const isSlow = this.sender.connection.wasSlowSince(intendedMs)
    const nowMs = performance.now()
    this.answered(nowMs, isSlow)
    meter.acknowledged(isSlow ? undefined : nowMs - intendedMs)
    this.answeredWith(number, message)
    if (this.ledger.wasTold('receiver', number)) this.ports.onSettled()
  }

  private answeredWith(number: number, message: MailboxMessage | undefined): void {
    if (message?.stream === this.index && message.number === number)
      this.ledger.acknowledged(number, message.msgId)
    else
      this.ports.findings.add('foreign', `${this.ledger.name} #${number} was answered with another message`)
  }

  private fileAcknowledged(number: number, file: FileMessage, result: Buffer): void {
    const { meter } = this.ports
    meter.inFlight--
    meter.acknowledged(undefined)
    this.answeredWith(number, this.sender.takeAnswer(result))
    file.acknowledged()
  }

  private fileBody(number: number, { media }: FileMessage): Buffer {
    const request = {
      _: 'messages.sendMedia',
      peer: { _: 'inputPeerUser', ...this.peer },
      media,
      message: markText({ stream: this.index, number }),
      randomId: this.template.randomIdOf(number),
    }
    return encodeCall(request as never, LOAD_LAYER)
  }

  private answered(nowMs: number, isSlow: boolean): void {
    const { meter } = this.ports
    meter.inFlight--
    meter.service.answered(nowMs, isSlow)
    this.interruption.answered(nowMs, isSlow)
  }

  private refused(number: number, kind: string): void {
    const { meter } = this.ports
    meter.inFlight--
    meter.service.dropped()
    this.interruption.dropped()
    this.ledger.refused(number, kind)
    this.ports.onSettled()
  }
}
