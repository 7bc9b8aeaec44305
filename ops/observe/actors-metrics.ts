import type { ActorsObserver } from './actors-log.ts'
import { HOPS, type Metrics } from './metrics.ts'
import type { Distribution } from './registry/histogram.ts'

type Batch = Parameters<NonNullable<ActorsObserver['batch']>>[0]
type Stage = keyof Batch['stages']

const STAGES: readonly Stage[] = ['load', 'decide', 'append', 'rows']
const MAILBOX = 'mailbox.events'

/** What the batches of one group are counted by. */
class GroupMetrics {
  readonly #records
  readonly #bytes
  readonly #size
  readonly #stages: readonly Distribution[]
  readonly #hop

  constructor(metrics: Metrics, group: string, topic: string) {
    this.#records = metrics.handled.with(group, topic)
    this.#bytes = metrics.handledBytes.with(group, topic)
    this.#size = metrics.batches.with(group, topic)
    this.#stages = STAGES.map((stage) => metrics.stages.with(group, topic, stage))
    this.#hop = metrics.hops.with(topic === MAILBOX ? HOPS.commandToMailbox : HOPS.commandToEvent)
  }

  batch({ records, bytes, stages, oldestTimestampMs }: Batch): void {
    this.#records.add(records)
    this.#bytes.add(bytes)
    this.#size.observe(records)
    for (let i = 0; i < STAGES.length; i++) this.#stages[i]?.observe(stages[STAGES[i] as Stage] / 1000)
    // A record has the timestamp of the command behind it. The oldest of a batch has waited longest.
    this.#hop.observe(Math.max(0, Date.now() - oldestTimestampMs) / 1000)
  }
}

/** Counts what the partition loops do. */
export function actorsMetrics(metrics: Metrics): ActorsObserver {
  const groups = new Map<string, GroupMetrics>()
  return {
    batch: (batch) => {
      let counts = groups.get(batch.group)
      if (counts === undefined) {
        counts = new GroupMetrics(metrics, batch.group, batch.topic)
        groups.set(batch.group, counts)
      }
      counts.batch(batch)
    },
    parked: ({ group, topic }) => metrics.parkings.with(group, topic).add(),
    interrupted: ({ group, topic }) => metrics.interruptions.with(group, topic).add(),
    reopened: ({ group, topic }) => metrics.reopenings.with(group, topic).add(),
    superseded: ({ group, topic }) => metrics.supersessions.with(group, topic).add(),
    assigned: ({ group, topic }) => metrics.assigned.with(group, topic).add(),
    revoked: ({ group, topic }) => metrics.assigned.with(group, topic).add(-1),
  }
}
