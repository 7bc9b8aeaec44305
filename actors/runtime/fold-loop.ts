import type { StoredRecord } from '@heliograph/topics'
import { ByteWriter } from './byte-writer.ts'
import { checkpointTime, loadState, stateMutation } from './checkpoint.ts'
import { Claim } from './claim.ts'
import { DeadLetters } from './dead-letters.ts'
import { type Delivery, deliver } from './delivery.ts'
import { Epochs } from './epochs.ts'
import { type AnyFold, FoldBatch, foldNeeds } from './fold-batch.ts'
import { beginFoldState, type FoldState, finishFoldState, readFoldState } from './fold-state.ts'
import { openRecords } from './opened-record.ts'
import type { Handled, PartitionDriver } from './partition-loop.ts'
import { readRange } from './partition-reader.ts'
import type { Assignment, LoopLimits, Ports } from './ports.ts'
import { RowCache } from './row-cache.ts'
import { type RowImage, type RowImages, RowView } from './row-view.ts'
import { Watermarks } from './watermarks.ts'

/**
 * One partition of a fold: load rows, count, save what is about to be overwritten, then write derived rows, then counters.
 *
 * Rows are written with the offset behind the batch as write time, as a decider's are. A fold reads what it wrote, so a
 * batch that was written in part must not be counted on top of itself: the checkpoint, saved before the rows, holds the
 * rows as they were, and whoever handles the batch again starts from these. (Where a counter row alone is ahead, as after a
 * lost checkpoint, its offset proves that the record has been counted.)
 * A fold that says that it is `recountable` needs none of this.
 */
export class FoldDriver implements PartitionDriver {
  readonly #ports: Ports
  readonly #fold: AnyFold
  readonly #at: Assignment
  readonly #limits: LoopLimits
  readonly #cache: RowCache
  readonly #state = new ByteWriter()
  readonly #row = new ByteWriter()
  #claim!: Claim
  #deadLetters!: DeadLetters
  #epochs = new Epochs()
  #watermarks = new Watermarks()
  #next = 0
  #saved = 0

  constructor(ports: Ports, fold: AnyFold, partition: number, limits: LoopLimits) {
    this.#ports = ports
    this.#fold = fold
    this.#at = { group: fold.group, topic: fold.topic, partition }
    this.#limits = limits
    this.#cache = new RowCache(limits.maxCachedRows)
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
    const deliveries = await this.#handle(records, undefined)
    return { deliveries, durable: this.#ports.log.appended() }
  }

  async close(): Promise<void> {
    if (this.#next !== this.#saved) await this.#saveAfter(this.#next)
  }

  /** Handles again, as one batch, what may have been written in part. */
  async #repeat({ next, end, before }: FoldState): Promise<void> {
    const { bus, log } = this.#ports
    const { topic, partition } = this.#at
    const records: StoredRecord[] = []
    for await (const some of readRange(log, topic, partition, next, end, this.#limits)) records.push(...some)
    if (records.length === 0) return
    const deliveries = await this.#handle(records, before)
    await log.barrier()
    deliver(bus, deliveries)
  }

  async #handle(
    records: readonly StoredRecord[],
    images: RowImages | undefined,
  ): Promise<readonly Delivery[]> {
    const { codec, tables } = this.#ports
    const opening = openRecords(codec, records)
    const opened = opening instanceof Promise ? await opening : opening
    const { needs, ready } = foldNeeds(this.#fold, opened)
    const before: RowImage[] | undefined = this.#fold.recountable ? undefined : []
    const view = new RowView(this.#cache, images, before)
    const loading = view.load(tables, needs)
    if (loading !== undefined) await loading
    const end = (records[records.length - 1] as StoredRecord).offset + 1
    if (!this.#fold.recountable) this.#begin(this.#next, end)
    const batch = this.#count(ready, view)
    await this.#store(batch, before, end)
    this.#next = end
    return batch.deliveries
  }

  #count(ready: Parameters<FoldBatch['take']>[0][], view: RowView): FoldBatch {
    const { codec, log } = this.#ports
    const { partition, topic } = this.#at
    const place = { partition, partitions: log.partitions(topic) }
    const to = { view, epochs: this.#epochs, watermarks: this.#watermarks, deadLetters: this.#deadLetters }
    const batch = new FoldBatch(this.#fold, codec, place, to)
    for (const opened of ready) batch.take(opened)
    return batch
  }

  async #store(batch: FoldBatch, before: readonly RowImage[] | undefined, end: number): Promise<void> {
    const { tables } = this.#ports
    const hasPoison = this.#deadLetters.pending
    if (hasPoison) await this.#deadLetters.flush()
    const { rows, counters } = batch.written()
    if (counters.length > 0) {
      if (before !== undefined) {
        await this.#save(before)
        this.#saved = this.#next
      }
      await this.#claim.confirm()
      if (rows.length > 0) await tables.apply(rows, end)
      await tables.apply(counters, end)
    }
    const isSaveDue = hasPoison || end - this.#saved >= this.#limits.checkpointEveryRecords
    if (this.#fold.recountable && isSaveDue) await this.#saveAfter(end)
  }

  /** Saves that everything before `next` has been counted. */
  async #saveAfter(next: number): Promise<void> {
    this.#begin(next, next)
    await this.#save([])
    this.#saved = next
  }

  /** Epoch and marks are those before the batch, so this comes before counting. */
  #begin(next: number, end: number): void {
    const state = { next, end, epoch: this.#epochs.current, watermarks: this.#watermarks }
    beginFoldState(this.#state, state)
  }

  async #save(before: readonly RowImage[]): Promise<void> {
    const bytes = finishFoldState(this.#state, this.#row, before)
    const time = checkpointTime(this.#claim.generation, this.#next)
    await this.#ports.tables.apply([stateMutation(this.#at, bytes)], time)
  }
}
