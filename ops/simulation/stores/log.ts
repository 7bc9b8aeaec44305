import {
  type Cursor,
  CursorClosed,
  type Log,
  type LogRecord,
  LogUnavailable,
  type MemoryPartition,
  type Offset,
  OffsetMismatch,
  type ReadLimits,
  type StoredRecord,
  type TopicName,
} from '@heliograph/topics'
import type { Life } from '../world/life.ts'
import type { Disk } from './disk.ts'
import type { Coordinator } from './groups.ts'
import type { Operations } from './operations.ts'
import type { Weather } from './weather.ts'

const failed = (message: string): Error => new LogUnavailable(message)

/** The log as one life of a process has it. */
export class SimulatedLog implements Log {
  readonly #disk: Disk
  readonly #groups: Coordinator
  readonly #operations: Operations
  readonly #life: Life
  readonly #weather: Weather

  constructor(disk: Disk, groups: Coordinator, operations: Operations, life: Life, weather: Weather) {
    this.#disk = disk
    this.#groups = groups
    this.#operations = operations
    this.#life = life
    this.#weather = weather
  }

  async createTopics(): Promise<void> {}

  partitions(topic: TopicName): number {
    return this.#disk.log.partitions(topic).length
  }

  append(
    topic: TopicName,
    partition: number,
    records: readonly LogRecord[],
    expected?: Offset,
  ): Promise<Offset> {
    const isCommand = expected === undefined
    return this.#operations.run({
      name: `append ${topic}/${partition} ${records.length} at ${expected ?? 'end'}`,
      bytes: records[0]?.value,
      stream: `${topic}/${partition}`,
      delayMs: isCommand ? this.#weather.appendDelayMs : 0,
      failed,
      act: () => this.#append(topic, partition, records, expected),
    })
  }

  end(topic: TopicName, partition: number): Promise<Offset> {
    const act = () => this.#partition(topic, partition).records.length as Offset
    return this.#operations.run({ name: `end ${topic}/${partition}`, act, failed })
  }

  start(topic: TopicName, partition: number): Promise<Offset> {
    const act = () => this.#partition(topic, partition).start
    return this.#operations.run({ name: `start ${topic}/${partition}`, act, failed })
  }

  open(topic: TopicName, partition: number, from: Offset): Cursor {
    const source = this.#partition(topic, partition)
    return new SimulatedCursor(
      source,
      from,
      this.#operations,
      this.#life,
      this.#weather,
      `${topic}/${partition}`,
    )
  }

  async join(...[group, topics, handler]: Parameters<Log['join']>): ReturnType<Log['join']> {
    const join = () => this.#groups.join(this.#life, group, topics[0] as TopicName, handler)
    const leave = await this.#operations.run({ name: `join ${group}`, act: join, failed })
    return {
      leave,
      commit: (topic, partition, next) =>
        this.#operations.run({
          name: `commit ${group} ${topic}/${partition} ${next}`,
          failed,
          act: () => void this.#disk.log.commits.set(`${group}/${topic}/${partition}`, next),
        }),
    }
  }

  committed(group: string, topic: TopicName, partition: number): Promise<Offset | undefined> {
    const act = () => this.#disk.log.commits.get(`${group}/${topic}/${partition}`)
    return this.#operations.run({ name: `committed ${group} ${topic}/${partition}`, act, failed })
  }

  barrier(): Promise<void> {
    return this.#durable('barrier', this.#disk.written)
  }

  appended(): Promise<void> {
    return this.#durable('appended', this.#disk.appended)
  }

  async close(): Promise<void> {}

  #partition(topic: TopicName, partition: number): MemoryPartition {
    return this.#disk.log.partition(topic, partition)
  }

  #append(topic: TopicName, partition: number, records: readonly LogRecord[], expected?: Offset): Offset {
    const { length } = this.#partition(topic, partition).records
    const isBehind = expected !== undefined && expected !== length
    if (isBehind && this.#weather.fence === 'before')
      throw new OffsetMismatch(`ends at ${length}, not ${expected}`)
    const at = this.#disk.append(topic, partition, records)
    if (expected === undefined && this.#weather.doubles) this.#disk.append(topic, partition, records)
    if (isBehind && this.#weather.tellsMismatch())
      throw new OffsetMismatch(`landed at ${at}, not ${expected}`)
    return at
  }

  /** A log that acknowledges only what is durable has nothing to wait for. */
  async #durable(name: string, written: number): Promise<void> {
    if (this.#weather.model === 'independent') return
    await this.#operations.run({ name, act: () => this.#weather.flush(written), failed })
  }
}

/** Reads one partition; whoever waits is woken by the next append, a little later. */
class SimulatedCursor implements Cursor {
  readonly #source: MemoryPartition
  readonly #operations: Operations
  readonly #life: Life
  readonly #weather: Weather
  readonly #name: string
  #position: Offset
  #closed = false
  #wake: (() => void) | undefined

  constructor(
    source: MemoryPartition,
    from: Offset,
    operations: Operations,
    life: Life,
    weather: Weather,
    name: string,
  ) {
    this.#source = source
    this.#position = from
    this.#operations = operations
    this.#life = life
    this.#weather = weather
    this.#name = name
  }

  get position(): Offset {
    return this.#position
  }

  async next(limits: ReadLimits): Promise<readonly StoredRecord[]> {
    for (;;) {
      if (this.#closed) throw new CursorClosed('the cursor was closed')
      if (this.#source.records.length > this.#position) {
        const from = this.#position
        const act = () => this.#source.read(from, limits)
        const records = await this.#operations.run({ name: `read ${this.#name} ${from}`, act, failed })
        if (this.#closed) throw new CursorClosed('the cursor was closed')
        this.#position = (from + records.length) as Offset
        return records
      }
      await this.#appended()
    }
  }

  close(): void {
    this.#closed = true
    this.#wake?.()
  }

  #appended(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#source.waiters.add(() => this.#weather.later(this.#life, resolve))
    })
  }
}
