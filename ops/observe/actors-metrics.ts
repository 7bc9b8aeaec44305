import type { ActorsOptions } from '@heliograph/actors'
import type { Logger } from 'pino'
import { HOPS, type Metrics } from './metrics.ts'
import type { Distribution } from './registry/histogram.ts'

type ActorsObserver = NonNullable<ActorsOptions['observer']>
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

/** Counts what the partition loops do, and logs what an operator wants to know of it. */
export function actorsObserver(metrics: Metrics, log: Logger): ActorsObserver {
  const groups = new Map<string, GroupMetrics>()
  return {
    batch: (batch) => {
      let counts = groups.get(batch.group + batch.topic)
      if (counts === undefined) {
        counts = new GroupMetrics(metrics, batch.group, batch.topic)
        groups.set(batch.group + batch.topic, counts)
      }
      counts.batch(batch)
    },
    parked: ({ group, topic, partition, offset, reason }) => {
      metrics.parkings.with(group, topic).add()
      // Not the key, which names a person or a chat: the offset finds it for whoever may look.
      log.warn({ group, topic, partition, offset, reason }, 'an actor is parked')
    },
    released: ({ group, topic, partition }) =>
      log.info({ group, topic, partition }, 'a parked actor goes on'),
    interrupted: ({ group, topic, partition, error, waitMs }) => {
      metrics.interruptions.with(group, topic).add()
      log.warn({ group, topic, partition, reason: error.message, waitMs }, 'a store failed; trying again')
    },
    reopened: ({ group, topic, partition, attempts }) => {
      metrics.reopenings.with(group, topic).add()
      log.warn({ group, topic, partition, attempts }, 'the partition is served again')
    },
    superseded: ({ group, topic, partition, waitMs }) => {
      metrics.supersessions.with(group, topic).add()
      log.warn({ group, topic, partition, waitMs }, 'another owner has written to the partition')
    },
    assigned: ({ group, topic, partition }) => {
      metrics.assigned.with(group, topic).add()
      log.info({ group, topic, partition }, 'partition assigned')
    },
    revoked: ({ group, topic, partition }) => {
      metrics.assigned.with(group, topic).add(-1)
      log.info({ group, topic, partition }, 'partition revoked')
    },
  }
}
