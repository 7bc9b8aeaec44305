import type {
  GroupHandler,
  Log,
  LogRecord,
  Membership,
  Offset,
  Span,
  TopicDefinition,
  TopicName,
  Tracer,
} from '@heliograph/topics'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import type { Count } from '../registry/counter.ts'
import type { OwnedPartitions } from './owned-partitions.ts'
import { Timed } from './timed.ts'

interface Appended {
  readonly records: Count
  readonly bytes: Count
}

/** A log, measured; appends of traced records become steps of their traces. */
export class MeasuredLog implements Log {
  readonly #log: Log
  readonly #metrics: Metrics
  readonly #owned: OwnedPartitions
  readonly #tracer: Tracer | undefined
  readonly #append
  readonly #durable
  readonly #commit
  readonly #topics = new Map<TopicName, Appended>()

  constructor(
    log: Log,
    metrics: Metrics,
    to: { readonly log: Logger; readonly owned: OwnedPartitions; readonly tracer: Tracer | undefined },
  ) {
    const timed = (operation: string) => new Timed(metrics, to.log, 'log', operation)
    this.#log = log
    this.#metrics = metrics
    this.#owned = to.owned
    this.#tracer = to.tracer
    this.#append = timed('append')
    this.#durable = timed('durable')
    this.#commit = timed('commit')
  }

  append(topic: TopicName, partition: number, records: readonly LogRecord[], expected?: Offset) {
    this.#count(topic, records)
    const spans = this.#tracer === undefined ? undefined : spansOf(this.#tracer, topic, records)
    const appending = this.#append.watch(this.#log.append(topic, partition, records, expected))
    if (spans !== undefined) endWith(appending, spans)
    return appending
  }

  async join(group: string, topics: readonly TopicName[], handler: GroupHandler): Promise<Membership> {
    const member = await this.#log.join(group, topics, this.#owned.follow(group, topics, handler))
    this.#owned.joined(group)
    return {
      commit: (topic, partition, next) => {
        this.#owned.committed(group, topic, partition, next)
        return this.#commit.watch(member.commit(topic, partition, next))
      },
      leave: () => member.leave(),
    }
  }

  barrier() {
    return this.#durable.watch(this.#log.barrier())
  }
  appended() {
    return this.#durable.watch(this.#log.appended())
  }
  createTopics(definitions: readonly TopicDefinition[]) {
    return this.#log.createTopics(definitions)
  }
  partitions(topic: TopicName) {
    return this.#log.partitions(topic)
  }
  end(topic: TopicName, partition: number) {
    return this.#log.end(topic, partition)
  }
  start(topic: TopicName, partition: number) {
    return this.#log.start(topic, partition)
  }
  open(topic: TopicName, partition: number, from: Offset) {
    return this.#log.open(topic, partition, from)
  }
  committed(group: string, topic: TopicName, partition: number) {
    return this.#log.committed(group, topic, partition)
  }
  close() {
    return this.#log.close()
  }

  #count(topic: TopicName, records: readonly LogRecord[]): void {
    let counts = this.#topics.get(topic)
    if (counts === undefined) {
      const { appended, appendedBytes } = this.#metrics
      counts = { records: appended.with(topic), bytes: appendedBytes.with(topic) }
      this.#topics.set(topic, counts)
    }
    counts.records.add(records.length)
    for (const { value } of records) counts.bytes.value += value.length
  }
}

function spansOf(tracer: Tracer, topic: TopicName, records: readonly LogRecord[]): Span[] | undefined {
  let spans: Span[] | undefined
  for (const { trace } of records) {
    if (trace === undefined) continue
    spans ??= []
    spans.push(tracer.follow(trace, `append ${topic}`))
  }
  return spans
}

function endWith(call: Promise<unknown>, spans: readonly Span[]): void {
  const end = (code?: number) => {
    for (const span of spans) span.end(code)
  }
  call.then(
    () => end(),
    () => end(APPEND_FAILED),
  )
}

/** As the code of an error, in a trace. */
const APPEND_FAILED = 500
