import { PartitionCursor } from '../cursor.ts'
import { Groups } from '../groups.ts'
import {
  type Cursor,
  type GroupHandler,
  type Log,
  type LogRecord,
  type Membership,
  type Offset,
  OffsetMismatch,
} from '../log.ts'
import type { TopicDefinition, TopicName } from '../topic.ts'
import { MemoryLogState } from './state.ts'

/** A step of the log, as a fault injector sees it: it may wait, or throw in place of the step or of its answer. */
export interface LogStep {
  readonly operation: 'create' | 'append' | 'read' | 'commit' | 'committed' | 'barrier'
  readonly when: 'before' | 'after'
}
export type LogFault = (step: LogStep) => Promise<void>

/** A log in memory. It is durable as far as its state is kept. */
export class MemoryLog implements Log {
  readonly #state: MemoryLogState
  readonly #fault: LogFault | undefined
  readonly #groups: Groups
  readonly #cursors = new Set<Cursor>()

  constructor(state = new MemoryLogState(), fault?: LogFault) {
    this.#state = state
    this.#fault = fault
    this.#groups = new Groups((topic) => this.partitions(topic))
  }

  createTopics(definitions: readonly TopicDefinition[]): Promise<void> {
    return this.#step('create', () => {
      for (const definition of definitions) this.#state.create(definition)
    })
  }

  partitions(topic: TopicName): number {
    return this.#state.partitions(topic).length
  }

  append(
    topic: TopicName,
    partition: number,
    records: readonly LogRecord[],
    expected?: Offset,
  ): Promise<Offset> {
    return this.#step('append', () => {
      const target = this.#state.partition(topic, partition)
      if (expected !== undefined && expected !== target.records.length) {
        throw new OffsetMismatch(`${topic}/${partition} ends at ${target.records.length}, not ${expected}`)
      }
      return target.append(records)
    })
  }

  async end(topic: TopicName, partition: number): Promise<Offset> {
    return this.#state.partition(topic, partition).records.length as Offset
  }

  async start(topic: TopicName, partition: number): Promise<Offset> {
    return this.#state.partition(topic, partition).start
  }

  open(topic: TopicName, partition: number, from: Offset): Cursor {
    const cursor = new PartitionCursor(this.#state.partition(topic, partition), from, this.#cursors)
    if (this.#fault === undefined) return cursor
    return {
      next: (limits) => this.#step('read', () => cursor.next(limits)),
      close: () => cursor.close(),
      get position() {
        return cursor.position
      },
    }
  }

  async join(group: string, topics: readonly TopicName[], handler: GroupHandler): Promise<Membership> {
    const leave = await this.#groups.join(group, topics, handler)
    return {
      commit: (topic, partition, next) =>
        this.#step('commit', () => {
          this.#state.commits.set(`${group}/${topic}/${partition}`, next)
        }),
      leave,
    }
  }

  committed(group: string, topic: TopicName, partition: number): Promise<Offset | undefined> {
    return this.#step('committed', () => this.#state.commits.get(`${group}/${topic}/${partition}`))
  }

  barrier(): Promise<void> {
    return this.#step('barrier', () => undefined)
  }

  appended(): Promise<void> {
    return this.barrier()
  }

  async close(): Promise<void> {
    for (const cursor of this.#cursors) cursor.close()
  }

  async #step<T>(operation: LogStep['operation'], act: () => T | Promise<T>): Promise<T> {
    if (this.#fault === undefined) return act()
    await this.#fault({ operation, when: 'before' })
    const result = await act()
    await this.#fault({ operation, when: 'after' })
    return result
  }
}
