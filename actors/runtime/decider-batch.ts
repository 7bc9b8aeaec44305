import type { RecordHeader } from '@heliograph/schemas/avro'
import type { Mutation } from '@heliograph/storage'
import type { LogRecord, TopicName, Tracer } from '@heliograph/topics'
import type { DeadLetters } from './dead-letters.ts'
import type { Decider, TypedRecord } from './decider.ts'
import { bareAnswer, type Delivery, INTERNAL } from './delivery.ts'
import type { OpenedRecord } from './opened-record.ts'
import { type Encoded, encodeReactions, type Outbox } from './outbox.ts'
import type { Codec } from './ports.ts'
import type { RowView } from './row-view.ts'
import type { Watermarks } from './watermarks.ts'

export type AnyDecider = Decider<TypedRecord, TypedRecord>

/** Where a batch decides. */
export interface DeciderPlace {
  readonly commands: TopicName
  readonly events: TopicName
  readonly partition: number
  readonly partitions: number
  readonly epoch: number
}

/** One event with all that follows from it, computed before anything of it is kept. */
interface Decided {
  readonly value: Buffer
  readonly trace: string | undefined
  readonly mutations: readonly Mutation[]
  readonly reactions: Encoded
}

/** Decides commands one after the other, without I/O; what is to be done about it stands in the fields. */
export class DeciderBatch {
  readonly events: LogRecord[] = []
  readonly deliveries: Delivery[] = []
  readonly #decider: AnyDecider
  readonly #codec: Codec
  readonly #place: DeciderPlace
  readonly #view: RowView
  readonly #outbox: Outbox
  readonly #watermarks: Watermarks
  readonly #deadLetters: DeadLetters
  readonly #tracer: Tracer | undefined
  #nextEvent: number
  #answersRestOnNoEvent = false

  constructor(
    decider: AnyDecider,
    codec: Codec,
    place: DeciderPlace,
    nextEvent: number,
    to: {
      readonly view: RowView
      readonly outbox: Outbox
      readonly watermarks: Watermarks
      readonly deadLetters: DeadLetters
      readonly tracer?: Tracer | undefined
    },
  ) {
    this.#decider = decider
    this.#codec = codec
    this.#place = place
    this.#nextEvent = nextEvent
    this.#view = to.view
    this.#outbox = to.outbox
    this.#watermarks = to.watermarks
    this.#deadLetters = to.deadLetters
    this.#tracer = to.tracer
  }

  /** Whether a command behind the last event is answered: the log by itself does not tell that it has been decided. */
  get answersRestOnNoEvent(): boolean {
    return this.#answersRestOnNoEvent
  }

  take(command: OpenedRecord): void {
    const { header, stored } = command
    if (header !== undefined && !this.#watermarks.see(header.cause)) return
    if (this.#deadLetters.takesLater(stored)) return this.#answerInternal(header)
    try {
      if (header === undefined || command.record === undefined || command.error !== undefined) {
        throw command.error
      }
      this.#trace(command, header, command.record)
    } catch (error) {
      this.#deadLetters.park(stored, error)
      this.#answerInternal(header)
    }
  }

  #trace(command: OpenedRecord, header: RecordHeader, record: TypedRecord): void {
    const { trace = null } = header
    if (trace === null || this.#tracer === undefined) return this.#decide(command, header, record)
    const span = this.#tracer.follow(trace, `decide ${record.type}`)
    try {
      this.#decide(command, { ...header, trace: span.context }, record)
    } finally {
      span.end()
    }
  }

  #decide({ stored }: OpenedRecord, { reply, trace = null }: RecordHeader, record: TypedRecord): void {
    const { partition, partitions, commands, epoch } = this.#place
    const { offset, timestampMs } = stored
    const at = { date: Math.floor(timestampMs / 1000), partition, partitions, offset }
    const decision = this.#decider.decide(this.#view, record, at)
    if ('rejected' in decision) return this.#answer(reply, decision.rejected)
    if (decision.events.length === 0) return this.#answer(reply, null)
    const decided = decision.events.map((event, index) => {
      const header = { cause: { topic: commands, partition, offset, index }, epoch, reply, trace }
      return this.#follow(event, header, { ...at, offset: this.#nextEvent + index })
    })
    for (const each of decided) this.#keep(stored.key, each, timestampMs)
  }

  #follow(event: TypedRecord, header: RecordHeader, at: Parameters<AnyDecider['decide']>[2]): Decided {
    const value = this.#codec.encode(header, event)
    const mutations = this.#decider.project(event)
    const { events: topic } = this.#place
    const position = { topic, partition: at.partition, offset: at.offset }
    const reactions = this.#decider.react(event, header, at)
    return {
      value,
      mutations,
      trace: header.trace ?? undefined,
      reactions: encodeReactions(this.#codec, reactions, position, header),
    }
  }

  #keep(key: string, { value, mutations, trace, reactions }: Decided, timestampMs: number): void {
    this.events.push({ key, value, timestampMs, trace })
    this.#answersRestOnNoEvent = false
    this.#nextEvent++
    for (const mutation of mutations) this.#view.write(mutation)
    this.#outbox.add(reactions.outgoing, timestampMs)
    for (const delivery of reactions.deliveries) this.deliveries.push(delivery)
  }

  #answer(to: RecordHeader['reply'], error: Parameters<typeof bareAnswer>[2]): void {
    if (to === null) return
    this.deliveries.push(bareAnswer(this.#codec, to, error))
    this.#answersRestOnNoEvent = true
  }

  #answerInternal(header: RecordHeader | undefined): void {
    if (header !== undefined) this.#answer(header.reply, INTERNAL)
  }
}
