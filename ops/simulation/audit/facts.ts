import type {
  AccountCommand,
  AccountEvent,
  ChatCommand,
  ChatEvent,
  MailboxRecord,
  OwnerAnnounced,
  RecordCodec,
  RecordHeader,
} from '@heliograph/schemas/avro'
import type { Log, Offset, TopicName } from '@heliograph/topics'

const WHOLE_PARTITION = { maxRecords: 1_000_000, maxBytes: 2 ** 40 }

export interface Fact<R> {
  readonly partition: number
  readonly offset: number
  /** Unix seconds. */
  readonly date: number
  readonly header: RecordHeader
  readonly record: R
}

/** What the topics hold: commands as given, events but for those of owners that were none any more. */
export interface Facts {
  readonly accountCommands: readonly Fact<AccountCommand>[]
  readonly accountEvents: readonly Fact<AccountEvent>[]
  readonly chatCommands: readonly Fact<ChatCommand>[]
  readonly chatEvents: readonly Fact<ChatEvent>[]
  /** Each consequence once, where it stands first. */
  readonly mailbox: readonly Fact<MailboxRecord>[]
}

export async function readFacts(log: Log, codec: RecordCodec): Promise<Facts> {
  const of = <R>(topic: TopicName) => readTopic<R>(log, codec, topic)
  return {
    accountCommands: await of('account.commands'),
    accountEvents: fenced(await of('account.events')),
    chatCommands: await of('chat.commands'),
    chatEvents: fenced(await of('chat.events')),
    mailbox: firstOfEachCause(await of('mailbox.events')),
  }
}

/** All records of a topic, partition by partition. */
export async function readTopic<R>(log: Log, codec: RecordCodec, topic: TopicName): Promise<Fact<R>[]> {
  const facts: Fact<R>[] = []
  for (let partition = 0; partition < log.partitions(topic); partition++) {
    if ((await log.end(topic, partition)) === 0) continue
    const cursor = log.open(topic, partition, 0 as Offset)
    for (const { offset, timestampMs, value } of await cursor.next(WHOLE_PARTITION)) {
      const { header, record } = codec.decode(value)
      facts.push({ partition, offset, date: Math.floor(timestampMs / 1000), header, record: record as R })
    }
    cursor.close()
  }
  return facts
}

/** Drops announcements, and what does not bear the epoch of the highest announcement before it. */
function fenced<R>(facts: readonly Fact<R>[]): Fact<R>[] {
  const epochs = new Map<number, number>()
  return facts.filter(({ partition, header, record }) => {
    const current = epochs.get(partition) ?? 0
    const announced = record as OwnerAnnounced
    if (announced.type !== 'OwnerAnnounced') return header.epoch === current
    epochs.set(partition, Math.max(current, announced.epoch))
    return false
  })
}

function firstOfEachCause<R>(facts: readonly Fact<R>[]): Fact<R>[] {
  const seen = new Set<string>()
  return facts.filter(({ header }) => {
    const cause = JSON.stringify(header.cause)
    const isNew = !seen.has(cause)
    seen.add(cause)
    return isNew
  })
}

/** The events of a topic by the command that they name as their cause. */
export class Effects<E> {
  readonly #events = new Map<string, Fact<E>[]>()

  constructor(events: readonly Fact<E>[]) {
    for (const event of events) {
      const { partition, offset } = event.header.cause ?? { partition: -1, offset: -1 }
      const place = `${partition}/${offset}`
      this.#events.set(place, [...(this.#events.get(place) ?? []), event])
    }
  }

  of(command: Fact<unknown>): readonly Fact<E>[] {
    return this.#events.get(`${command.partition}/${command.offset}`) ?? []
  }
}
