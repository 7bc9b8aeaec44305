import { MemoryTables, MemoryTablesState, type Mutation, type TableDeclaration } from '@heliograph/storage'
import {
  type LogRecord,
  MemoryLog,
  MemoryLogState,
  type TopicDefinition,
  type TopicName,
} from '@heliograph/topics'
import { Random } from './random.ts'

/**
 * `shared`: log and tables are one store that works at once and becomes durable later; a crash loses a suffix of what was
 * done since the last barrier. `independent`: each operation takes its time and is durable when it resolves; a crash may
 * find it not done, half done, or done.
 */
export type StoreModel = 'shared' | 'independent'
export type CrashMode = 'before' | 'half' | 'after'
/**
 * What may befall an operation: its process crashes; or the store fails (`refused`: nothing was done, `unheard`: all was),
 * which ends the process soon after; or the process stops there and may go on later, when another has taken over; or it is
 * told to end in good order, and hands over.
 */
export type FaultMode = CrashMode | 'refused' | 'unheard' | 'pause' | 'leave'
export interface CrashPoint {
  readonly step: number
  readonly mode: FaultMode
}

type Done =
  | { kind: 'append'; topic: TopicName; partition: number; records: readonly LogRecord[] }
  | { kind: 'apply'; mutations: readonly Mutation[]; writeTime: number }

interface Turn {
  readonly name: string
  readonly go: () => void
}

/** The instant of all records: no outcome may hang on the clock. */
export const WORLD_TIME_MS = 1_700_000_000_000

/** Stores that outlive processes, a scheduler that a seed drives, and the crash that is due. */
export class World {
  readonly random: Random
  readonly model: StoreModel
  readonly trace: string[] = []
  readonly #topics: readonly TopicDefinition[]
  readonly #tables: readonly TableDeclaration[]
  #logState = new MemoryLogState()
  #tablesState = new MemoryTablesState()
  #done: Done[] = []
  #durable = 0
  #turns: Turn[] = []
  steps = 0
  /** Set by whoever wants the process to crash there. */
  crashAt: CrashPoint | undefined

  constructor(
    seed: number,
    model: StoreModel,
    topics: readonly TopicDefinition[],
    tables: readonly TableDeclaration[],
  ) {
    this.random = new Random(seed)
    this.model = model
    this.#topics = topics
    this.#tables = tables
  }

  /** Handles on what the stores hold now. */
  async stores(): Promise<{ log: MemoryLog; tables: MemoryTables }> {
    const log = new MemoryLog(this.#logState)
    const tables = new MemoryTables(this.#tablesState, () => WORLD_TIME_MS)
    await log.createTopics(this.#topics)
    await tables.create(this.#tables)
    return { log, tables }
  }

  /** Waits until the scheduler picks this operation. */
  turn(name: string): Promise<void> {
    return new Promise((go) => this.#turns.push({ name, go }))
  }

  noteDone(done: Done): void {
    this.#done.push(done)
  }

  /** What a barrier called now makes durable. */
  get written(): number {
    return this.#done.length
  }

  /** As `written`, of a call that waits for records alone. */
  get appended(): number {
    return this.#done.findLastIndex((done) => done.kind === 'append') + 1
  }

  makeDurable(written: number): void {
    this.#durable = Math.max(this.#durable, written)
  }

  /** Lets operations go on, one at a time, until nothing is left to do or `until` says so. */
  async run(until: () => boolean = () => false): Promise<void> {
    for (;;) {
      // Everything between two operations is microtasks.
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (until() || this.#turns.length === 0) return
      const [turn] = this.#turns.splice(this.random.below(this.#turns.length), 1)
      this.trace.push((turn as Turn).name)
      ;(turn as Turn).go()
    }
  }

  /** What a crash leaves: with a shared store a prefix of what was done, nothing that was durable missing. */
  async loseSuffix(): Promise<void> {
    if (this.model === 'independent') return
    const cut = this.#durable + this.random.below(this.#done.length - this.#durable + 1)
    this.trace.push(`lost ${this.#done.length - cut}`)
    this.#done.length = cut
    this.#logState = new MemoryLogState()
    this.#tablesState = new MemoryTablesState()
    const { log, tables } = await this.stores()
    for (const done of this.#done) {
      if (done.kind === 'append') await log.append(done.topic, done.partition, done.records)
      else await tables.apply(done.mutations, done.writeTime)
    }
  }
}
