import { allTables, MemoryTables, MemoryTablesState, type Mutation } from '@heliograph/storage'
import {
  type LogRecord,
  MemoryLog,
  MemoryLogState,
  type Offset,
  type TopicName,
  topicDefinitions,
} from '@heliograph/topics'
import type { Timeline } from '../world/timeline.ts'

type Done =
  | { kind: 'append'; topic: TopicName; partition: number; records: readonly LogRecord[] }
  | { kind: 'apply'; mutations: readonly Mutation[]; writeTime: number }

/** What the log and the tables of a world hold, whoever lives or dies. A store that is shared may lose the last of it. */
export class Disk {
  readonly #world: Timeline
  readonly #partitions: number
  #logState = new MemoryLogState()
  #tables: MemoryTables
  /** What was done, where a part of it may be lost. */
  readonly #done: Done[] = []
  #durable = 0

  constructor(world: Timeline, partitions: number) {
    this.#world = world
    this.#partitions = partitions
    this.#tables = this.#emptyTables()
    this.#createTopics()
  }

  /** The present handle: a loss makes new ones. */
  get tables(): MemoryTables {
    return this.#tables
  }

  get log(): MemoryLogState {
    return this.#logState
  }

  /** For those who look at the end. */
  openLog(): MemoryLog {
    return new MemoryLog(this.#logState)
  }

  async create(): Promise<void> {
    await this.#tables.create(allTables)
  }

  append(topic: TopicName, partition: number, records: readonly LogRecord[]): Offset {
    this.#done.push({ kind: 'append', topic, partition, records })
    return this.#logState.partition(topic, partition).append(records)
  }

  apply(mutations: readonly Mutation[], writeTime: number): Promise<void> {
    this.#done.push({ kind: 'apply', mutations, writeTime })
    return this.#tables.apply(mutations, writeTime)
  }

  /** What a barrier asked for now makes durable. */
  get written(): number {
    return this.#done.length
  }

  /** As `written`, for those who wait for records alone. */
  get appended(): number {
    return this.#done.findLastIndex((done) => done.kind === 'append') + 1
  }

  makeDurable(written: number): void {
    this.#durable = Math.max(this.#durable, written)
  }

  /** Loses a suffix of what is not durable, as a machine does that stops. */
  async loseSuffix(): Promise<void> {
    const cut = this.#durable + this.#world.random.below(this.#done.length - this.#durable + 1)
    this.#world.trace.note(`lost ${this.#done.length - cut}`)
    this.#done.length = cut
    this.#logState = new MemoryLogState()
    this.#createTopics()
    this.#tables = this.#emptyTables()
    await this.create()
    for (const done of this.#done) {
      if (done.kind === 'append') this.#logState.partition(done.topic, done.partition).append(done.records)
      else await this.#tables.apply(done.mutations, done.writeTime)
    }
  }

  #emptyTables(): MemoryTables {
    return new MemoryTables(new MemoryTablesState(), () => this.#world.clockMs(undefined))
  }

  #createTopics(): void {
    for (const definition of topicDefinitions(this.#partitions)) this.#logState.create(definition)
  }
}
