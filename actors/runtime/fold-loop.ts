import type { StoredRecord } from '@heliograph/topics'
import { BatchTimer } from './batch-timer.ts'
import { ByteWriter } from './byte-writer.ts'
import { checkpointTime, loadState, stateMutation } from './checkpoint.ts'
import { Claim } from './claim.ts'
import { DeadLetters } from './dead-letters.ts'
import { type Delivery, deliver } from './delivery.ts'
import { Epochs } from './epochs.ts'
import { Flight } from './flight.ts'
import { type AnyFold, FoldBatch, foldNeeds } from './fold-batch.ts'
import { beginFoldState, type FoldState, finishFoldState, readFoldState } from './fold-state.ts'
import { openRecords } from './opened-record.ts'
import type { Handled, PartitionDriver } from './partition-loop.ts'
import { readRange } from './partition-reader.ts'
import type { Assignment, LoopLimits, Ports } from './ports.ts'
import { RowCache } from './row-cache.ts'
import { type RowImage, type RowImages, RowView } from './row-view.ts'
import { Watermarks } from './watermarks.ts'

/** A batch that is counted; what it tells may be told when it is `stored`. */
interface Counted {
  readonly deliveries: readonly Delivery[]
  readonly stored: Promise<void>
}

/**
 * One partition of a fold: load rows, count, save what is about to be overwritten, then write derived rows, then counters.
 *
 * Rows are written with the offset behind the batch as write time, as a decider's are. A fold reads what it wrote, so a
 * batch that was written in part must not be counted on top of itself: the checkpoint, saved before the rows, holds the
 * rows as they were, and whoever handles the batch again starts from these. (Where a counter row alone is ahead, as after a
 * lost checkpoint, its offset proves that the record has been counted.)
 * A fold that says that it is `recountable` needs none of this: it goes on from its last checkpoint over whichever later
 * rows are there, so its batches are stored while the next ones are counted. Only the counters wait, for all rows that they
 * prove, those of the batches before included.
 *
 * Whatever fails, or may have been done all the same, the partition is opened anew and counted from the last state that is
 * there. A row that was written all the same, or is written late, is what the records below its write time come to, as it
 * will be when they are counted again.
 */
export class FoldDriver implements PartitionDriver {
  readonly #ports: Ports
  readonly #fold: AnyFold
  readonly #at: Assignment
  readonly #limits: LoopLimits
  readonly #cache: RowCache
  readonly #flight: Flight
  readonly #state = new ByteWriter()
  readonly #row = new ByteWriter()
  #claim!: Claim
  #deadLetters!: DeadLetters
  #epochs = new Epochs()
  #watermarks = new Watermarks()
  #next = 0
  #saved = 0
  /** Whether the last batch had poison. */
  #setAside = false

  constructor(ports: Ports, fold: AnyFold, partition: number, limits: LoopLimits) {
    this.#ports = ports
    this.#fold = fold
    this.#at = { group: fold.group, topic: fold.topic, partition }
    this.#limits = limits
    this.#cache = new RowCache(limits.maxCachedRows)
    this.#flight = new Flight(limits.maxInFlight)
  }

  async open(): Promise<number> {
    const { log, tables } = this.#ports
    this.#claim = await Claim.take(this.#ports, this.#at)
    this.#deadLetters = await DeadLetters.load(this.#ports, this.#at)
    const saved = await loadState(tables, this.#at)
    if (saved === undefined) {
      this.#next = await log.start(this.#at.topic, this.#at.partition)
      return this.#next
    }
    const state = readFoldState(saved)
    this.#next = state.next
    this.#saved = state.next
    this.#epochs = new Epochs(state.epoch)
    this.#watermarks = state.watermarks
    await this.#repeat(state)
    return this.#next
  }

  /** What is told rests on the records alone: counting them again gives the same. */
  async handle(records: readonly StoredRecord[]): Promise<Handled> {
    const room = this.#flight.room()
    if (room !== undefined) await room
    const { deliveries, stored } = await this.#handle(records, undefined)
    const durable = Promise.all([stored, this.#ports.log.appended()])
    if (!this.#isSaveDue) return { deliveries, durable }
    return { deliveries, durable, aside: this.#saveAfter(this.#next) }
  }

  async release(record: StoredRecord): Promise<void> {
    await this.close()
    await this.#claim.confirm()
    await this.#deadLetters.release(record)
    this.#next = record.offset + 1
  }

  async close(): Promise<void> {
    if (this.#next !== this.#saved) await this.#saveAfter(this.#next)
  }

  /** A fold that keeps copies saves before every batch. */
  get #isSaveDue(): boolean {
    if (!this.#fold.recountable) return false
    return this.#setAside || this.#next - this.#saved >= this.#limits.checkpointEveryRecords
  }

  /** Handles again, as one batch, what may have been written in part. */
  async #repeat({ next, end, before }: FoldState): Promise<void> {
    const { bus, log } = this.#ports
    const { topic, partition } = this.#at
    const records: StoredRecord[] = []
    for await (const some of readRange(log, topic, partition, next, end, this.#limits)) records.push(...some)
    if (records.length === 0) return
    const { deliveries, stored } = await this.#handle(records, before)
    await stored
    await log.barrier()
    deliver(bus, deliveries)
  }

  async #handle(records: readonly StoredRecord[], images: RowImages | undefined): Promise<Counted> {
    const { codec, observer, tables } = this.#ports
    const timer = BatchTimer.start(observer, this.#at, records)
    const opening = openRecords(codec, records)
    const opened = opening instanceof Promise ? await opening : opening
    const { needs, ready } = foldNeeds(this.#fold, opened)
    const before: RowImage[] | undefined = this.#fold.recountable ? undefined : []
    const view = new RowView(this.#cache, this.#flight, images, before)
    const loading = view.load(tables, needs)
    if (loading !== undefined) await loading
    timer?.ended('load')
    const end = (records[records.length - 1] as StoredRecord).offset + 1
    if (!this.#fold.recountable) this.#begin(this.#next, end)
    const batch = this.#count(ready, view)
    timer?.ended('decide')
    this.#setAside = this.#deadLetters.pending
    if (this.#setAside) await this.#deadLetters.flush()
    const earlier = this.#flight.landed()
    if (before !== undefined) await this.#saveBefore(before, batch)
    const stored = this.#flight.push(view, this.#store(batch, end, earlier, timer))
    if (before !== undefined) await stored
    this.#next = end
    return { deliveries: batch.deliveries, stored }
  }

  #count(ready: Parameters<FoldBatch['take']>[0][], view: RowView): FoldBatch {
    const { codec, log, tracer } = this.#ports
    const { partition, topic } = this.#at
    const place = { partition, partitions: log.partitions(topic) }
    const to = {
      view,
      epochs: this.#epochs,
      watermarks: this.#watermarks,
      deadLetters: this.#deadLetters,
      tracer,
    }
    const batch = new FoldBatch(this.#fold, codec, place, to)
    for (const opened of ready) batch.take(opened)
    return batch
  }

  /** Says what is about to be overwritten, for folds that have to know. */
  async #saveBefore(before: readonly RowImage[], batch: FoldBatch): Promise<void> {
    if (!batch.hasCounted) return
    await this.#save(before)
    this.#saved = this.#next
  }

  /** @param earlier resolves when the batches before are stored */
  async #store(
    batch: FoldBatch,
    end: number,
    earlier: Promise<void> | undefined,
    timer: BatchTimer | undefined,
  ): Promise<void> {
    timer?.ended('append')
    if (batch.hasCounted) {
      const { tables } = this.#ports
      const { rows, counters } = batch.written()
      await this.#claim.confirm()
      if (rows.length > 0) await tables.apply(rows, end)
      if (earlier !== undefined) await earlier
      await tables.apply(counters, end)
    }
    timer?.stored()
    batch.endTraces()
  }

  /** Saves that everything before `next` has been counted, as soon as it is stored. */
  async #saveAfter(next: number): Promise<void> {
    this.#begin(next, next)
    this.#saved = next
    await this.#save([], this.#flight.landed())
  }

  /** Epoch and marks are those before the batch, so this comes before counting. */
  #begin(next: number, end: number): void {
    const state = { next, end, epoch: this.#epochs.current, watermarks: this.#watermarks }
    beginFoldState(this.#state, state)
  }

  async #save(before: readonly RowImage[], after?: Promise<void>): Promise<void> {
    const bytes = finishFoldState(this.#state, this.#row, before)
    const time = checkpointTime(this.#claim.generation, this.#next)
    if (after !== undefined) await after
    await this.#ports.tables.apply([stateMutation(this.#at, bytes)], time)
  }
}
