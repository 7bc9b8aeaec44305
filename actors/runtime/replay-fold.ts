import type { Mutation } from '@heliograph/storage'
import type { Offset, TopicName } from '@heliograph/topics'
import { ByteWriter } from './byte-writer.ts'
import { loadState, stateMutation } from './checkpoint.ts'
import { Epochs } from './epochs.ts'
import { type AnyFold, FoldBatch, foldNeeds } from './fold-batch.ts'
import { beginFoldState, finishFoldState, readFoldState } from './fold-state.ts'
import type { OpenedRecord } from './opened-record.ts'
import { isRelease, Parking, parkingTime, reasonOf } from './parking.ts'
import { type Assignment, DEFAULT_LIMITS } from './ports.ts'
import type { ReplayOptions, ReplayPart } from './replay.ts'
import { openedBatches, SAVE_EVERY_RECORDS } from './replay-batches.ts'
import { RowCache } from './row-cache.ts'
import { RowView } from './row-view.ts'
import { Watermarks } from './watermarks.ts'

/**
 * Counts the records of one partition again. A replay that was cut off goes on from its last save, a few batches back: a
 * counter row that is ahead of a record proves that the record has been counted, as it does for a live fold.
 */
export class FoldReplay implements ReplayPart {
  readonly topic: TopicName
  readonly partition: number
  readonly #options: ReplayOptions
  readonly #fold: AnyFold
  readonly #at: Assignment
  readonly #cache = new RowCache(DEFAULT_LIMITS.maxCachedRows)
  #parking: Parking
  /** Whom records since the last save have parked or released. */
  readonly #unsavedParked: { readonly mutation: Mutation; readonly offset: number }[] = []
  #epochs = new Epochs()
  #watermarks = new Watermarks()
  #position = 0
  #saved = 0

  private constructor(options: ReplayOptions, fold: AnyFold, partition: number) {
    this.#options = options
    this.#fold = fold
    this.topic = fold.topic
    this.partition = partition
    this.#at = { group: `replay:${fold.group}`, topic: fold.topic, partition }
    this.#parking = new Parking(this.#at)
  }

  static async resume(options: ReplayOptions, fold: AnyFold, partition: number): Promise<FoldReplay> {
    const part = new FoldReplay(options, fold, partition)
    const saved = await loadState(options.tables, part.#at)
    if (saved === undefined) return part
    part.#parking = await Parking.load(options.tables, part.#at)
    const { next, epoch, watermarks } = readFoldState(saved)
    part.#position = next
    part.#saved = next
    part.#epochs = new Epochs(epoch)
    part.#watermarks = watermarks
    return part
  }

  get position(): number {
    return this.#position
  }

  async advance(to: Offset): Promise<void> {
    for await (const { records, end } of openedBatches(
      this.#options,
      this.topic,
      this.partition,
      this.#position,
      to,
    )) {
      await this.#count(records, end)
      this.#position = end
      if (end - this.#saved >= SAVE_EVERY_RECORDS) await this.#save()
    }
    await this.#save()
  }

  async #count(records: readonly OpenedRecord[], end: number): Promise<void> {
    const { codec, log, tables, wants } = this.#options
    const wanted = wants === undefined ? records : records.filter(({ stored }) => wants(stored.key))
    const { needs, ready } = foldNeeds(this.#fold, wanted)
    const view = new RowView(this.#cache)
    await view.load(tables, needs)
    const place = { partition: this.partition, partitions: log.partitions(this.topic) }
    const to = { view, epochs: this.#epochs, watermarks: this.#watermarks, deadLetters: this.#setAside }
    const batch = new FoldBatch(this.#fold, codec, place, to)
    for (const record of ready) batch.take(record)
    const { rows, counters } = batch.written()
    if (rows.length > 0) await tables.apply(rows, end)
    if (counters.length > 0) await tables.apply(counters, end)
  }

  /** Parks as the live fold did, without keeping the letters: they are in their topic. */
  readonly #setAside: ConstructorParameters<typeof FoldBatch>[3]['deadLetters'] = {
    takesLater: (stored) => {
      if (!isRelease(stored)) return this.#parking.holds(stored.key, stored.offset)
      this.#noteParked(this.#parking.release(stored.key), stored.offset)
      return true
    },
    park: ({ key, offset }, error) => {
      this.#noteParked(this.#parking.park(key, offset, reasonOf(error)), offset)
    },
  }

  #noteParked(mutation: Mutation | undefined, offset: number): void {
    if (mutation !== undefined) this.#unsavedParked.push({ mutation, offset })
  }

  async #save(): Promise<void> {
    if (this.#saved === this.#position) return
    const [state, row] = [new ByteWriter(), new ByteWriter()]
    const next = this.#position
    for (const { mutation, offset } of this.#unsavedParked.splice(0))
      await this.#options.tables.apply([mutation], parkingTime(offset))
    beginFoldState(state, { next, end: next, epoch: this.#epochs.current, watermarks: this.#watermarks })
    await this.#options.tables.apply([stateMutation(this.#at, finishFoldState(state, row, []))], next)
    this.#saved = next
  }
}
