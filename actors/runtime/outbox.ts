import type { Position, RecordHeader } from '@heliograph/schemas/avro'
import { type Log, type LogRecord, partitionOf, type TopicName } from '@heliograph/topics'
import type { Answer, Consequence, Publication, Reaction } from './decider.ts'
import { type Delivery, deliveryOf } from './delivery.ts'
import type { Codec } from './ports.ts'

/** A consequence, encoded, and where it goes. */
export interface Outgoing {
  readonly topic: TopicName
  readonly key: string
  readonly value: Buffer
  readonly trace?: string | undefined
}

/** Reactions to one event, encoded. */
export interface Encoded {
  readonly outgoing: readonly Outgoing[]
  readonly deliveries: readonly Delivery[]
}

/** Encodes the reactions to the event at `event`, whose header is `from`; the place of each among them is the index of its cause. */
export function encodeReactions(
  codec: Codec,
  reactions: readonly Reaction[],
  event: Omit<Position, 'index'>,
  from: Pick<RecordHeader, 'epoch' | 'trace'>,
): Encoded {
  const outgoing: Outgoing[] = []
  const deliveries: Delivery[] = []
  for (let index = 0; index < reactions.length; index++) {
    const reaction = reactions[index] as Reaction
    if (reaction.kind === 'record') outgoing.push(encodeRecord(codec, reaction, event, index, from))
    else deliveries.push(deliveryOf(codec, reaction as Answer | Publication))
  }
  return { outgoing, deliveries }
}

function encodeRecord(
  codec: Codec,
  { topic, key, record, reply }: Consequence,
  event: Omit<Position, 'index'>,
  index: number,
  { epoch, trace = null }: Pick<RecordHeader, 'epoch' | 'trace'>,
): Outgoing {
  const cause = { topic: event.topic, partition: event.partition, offset: event.offset, index }
  const value = codec.encode({ cause, epoch, reply, trace }, record)
  return { topic, key, value, trace: trace ?? undefined }
}

/** Consequences of a batch on their way to other topics, in order within each target partition. */
export class Outbox {
  readonly #log: Log
  readonly #targets: { topic: TopicName; partition: number; records: LogRecord[] }[] = []

  constructor(log: Log) {
    this.#log = log
  }

  add(outgoing: readonly Outgoing[], timestampMs: number): void {
    for (const { topic, key, value, trace } of outgoing) {
      const partition = partitionOf(key, this.#log.partitions(topic))
      this.#records(topic, partition).push({ key, value, timestampMs, trace })
    }
  }

  #records(topic: TopicName, partition: number): LogRecord[] {
    for (const target of this.#targets) {
      if (target.partition === partition && target.topic === topic) return target.records
    }
    const records: LogRecord[] = []
    this.#targets.push({ topic, partition, records })
    return records
  }

  /** One append for each target partition, all at once. */
  flush(): Promise<unknown>[] {
    return this.#targets.map(({ topic, partition, records }) => this.#log.append(topic, partition, records))
  }
}

/**
 * Sends the outboxes of an owner one after the other: a consequence must not stand before an earlier one, or whoever reads
 * it would take the earlier one, when it comes again after a failure, for one that it has seen. So when one has failed, or
 * may have, none goes after it; the next owner sends them all again.
 */
export class Sender {
  readonly #log: Log
  #last: Promise<unknown> | undefined

  constructor(log: Log) {
    this.#log = log
  }

  /** `sent` resolves when all has its place, `durable` when all that was appended up to now survives a crash. */
  send(outbox: Outbox): { readonly sent: Promise<unknown>; readonly durable: Promise<void> } {
    const before = this.#last
    const sent =
      before === undefined ? Promise.all(outbox.flush()) : before.then(() => Promise.all(outbox.flush()))
    const durable = before === undefined ? this.#log.appended() : sent.then(() => this.#log.appended())
    // Told to whoever waits for the batch.
    durable.catch(() => undefined)
    this.#last = sent
    sent.then(
      () => {
        if (this.#last === sent) this.#last = undefined
      },
      () => undefined,
    )
    return { sent, durable }
  }
}
