import type { Mutation } from '@heliograph/storage'
import type { Offset, TopicName } from '@heliograph/topics'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { expectVersion, loadState, stateMutation } from './checkpoint.ts'
import type { AnyDecider } from './decider-batch.ts'
import { Epochs } from './epochs.ts'
import type { OpenedRecord } from './opened-record.ts'
import type { Assignment } from './ports.ts'
import type { ReplayOptions, ReplayPart } from './replay.ts'
import { openedBatches, SAVE_EVERY_RECORDS } from './replay-batches.ts'
import { RowCache } from './row-cache.ts'
import { RowView } from './row-view.ts'

const VERSION = 1

/** Projects the events of one partition. It reads no rows, so batches may be repeated. */
export class EventsReplay implements ReplayPart {
  readonly topic: TopicName
  readonly partition: number
  readonly #options: ReplayOptions
  readonly #decider: AnyDecider
  readonly #at: Assignment
  #epochs = new Epochs()
  #position = 0
  #saved = 0

  private constructor(options: ReplayOptions, decider: AnyDecider, partition: number) {
    this.#options = options
    this.#decider = decider
    this.topic = decider.events
    this.partition = partition
    this.#at = { group: `replay:${decider.group}`, topic: decider.events, partition }
  }

  static async resume(options: ReplayOptions, decider: AnyDecider, partition: number): Promise<EventsReplay> {
    const part = new EventsReplay(options, decider, partition)
    const saved = await loadState(options.tables, part.#at)
    if (saved !== undefined) part.#restore(new ByteReader(saved))
    return part
  }

  get position(): number {
    return this.#position
  }

  async advance(to: Offset): Promise<void> {
    const { tables, wants } = this.#options
    for await (const { records, end } of openedBatches(
      this.#options,
      this.topic,
      this.partition,
      this.#position,
      to,
    )) {
      const view = new RowView(new RowCache(1))
      for (const opened of records) {
        const isWanted = wants?.(opened.stored.key) ?? true
        for (const mutation of this.#projected(opened, isWanted)) view.write(mutation)
      }
      const rows = view.written()
      if (rows.length > 0) await tables.apply(rows, end)
      this.#position = end
      if (end - this.#saved >= SAVE_EVERY_RECORDS) await this.#save()
    }
    await this.#save()
  }

  /** What a live owner could not project it has set aside. */
  #projected({ header, record }: OpenedRecord, isWanted: boolean): readonly Mutation[] {
    if (header === undefined || record === undefined) return []
    if (!this.#epochs.accept(header, record) || !isWanted) return []
    try {
      return this.#decider.project(record)
    } catch {
      return []
    }
  }

  async #save(): Promise<void> {
    if (this.#saved === this.#position) return
    const state = new ByteWriter()
    state.number(VERSION)
    state.number(this.#position)
    state.number(this.#epochs.current)
    await this.#options.tables.apply([stateMutation(this.#at, state.finish())], this.#position)
    this.#saved = this.#position
  }

  #restore(from: ByteReader): void {
    expectVersion(from, VERSION)
    this.#position = from.number()
    this.#epochs = new Epochs(from.number())
    this.#saved = this.#position
  }
}
