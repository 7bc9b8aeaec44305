import {
  type Cursor,
  CursorClosed,
  type Membership,
  type Offset,
  type StoredRecord,
} from '@heliograph/topics'
import { type Delivery, deliver } from './delivery.ts'
import { DurableTail } from './durable-tail.ts'
import { OffsetCommitter } from './offset-committer.ts'
import { isRelease } from './parking.ts'
import type { Assignment, LoopLimits, Ports } from './ports.ts'

/** A batch that has been handled: what there is to tell, and when it may be told. */
export interface Handled {
  readonly deliveries: readonly Delivery[]
  /** Resolves when nothing that the deliveries rest on can be lost, and whoever gets one finds the rows that it tells of. */
  readonly durable: Promise<unknown>
  /** What nobody waits for, but whose failure ends the loop. */
  readonly aside?: Promise<void>
}

/** What a partition loop does with the records that it reads. */
export interface PartitionDriver {
  /** Takes the partition over; resolves to the offset to read from. */
  open(): Promise<number>
  /** Handles records in order; resolves when the next ones can be handled. */
  handle(records: readonly StoredRecord[]): Promise<Handled>
  /** Lets the parked actor of a record without a value go on, from that record on. */
  release(record: StoredRecord): Promise<void>
  /** Saves where it stands, after everything has been handled. */
  close(): Promise<void>
}

/** Reads one partition and drives what is to be done with it, until it is stopped or superseded. */
export class PartitionLoop {
  readonly #ports: Ports
  readonly #at: Assignment
  readonly #driver: PartitionDriver
  readonly #limits: LoopLimits
  readonly #opened: () => void
  readonly #committer: OffsetCommitter
  readonly #tail: DurableTail
  #cursor: Cursor | undefined
  #stopping = false
  /** Where to stop reading. */
  #until = Number.POSITIVE_INFINITY
  /** Records handled since the last wait for the disk. */
  #unawaited = 0
  #failure: unknown
  /** Everything before it has been handled; what follows from that is stored once `#stored` resolves. */
  #handledTo = -1
  /** Kept until somebody has heard that the loop has caught up. */
  #stored: Promise<unknown> | undefined = Promise.resolve()

  /**
   * @param membership of the group, which may be still joining
   * @param opened called once the partition is taken over
   */
  constructor(
    ports: Ports,
    at: Assignment,
    driver: PartitionDriver,
    limits: LoopLimits,
    membership: Promise<Membership>,
    opened: () => void,
  ) {
    this.#ports = ports
    this.#at = at
    this.#driver = driver
    this.#limits = limits
    this.#opened = opened
    this.#committer = new OffsetCommitter(at, membership, limits.commitEveryMs, (error) => this.#fail(error))
    this.#tail = new DurableTail(limits.maxInFlight, () => this.#halt())
  }

  /**
   * Resolves when the loop was stopped and all is saved; rejects with `Superseded` when another owner took over, and when a
   * store fails.
   */
  async run(): Promise<void> {
    try {
      await this.#loop()
    } finally {
      this.#cursor?.close()
      this.#committer.stop()
    }
  }

  /** Lets the loop end after the batch that it is at. */
  stop(): void {
    this.#halt()
  }

  /** Lets the loop end once it has handled what its partition holds now. */
  async drain(): Promise<void> {
    this.#until = await this.#ports.log.end(this.#at.topic, this.#at.partition)
    if (this.#cursor !== undefined && this.#cursor.position >= this.#until) this.#halt()
  }

  /** Whether all before `end` has been handled and what follows from it is stored. Only until this was true once. */
  async hasHandled(end: Offset): Promise<boolean> {
    if (this.#handledTo < end) return false
    await this.#stored
    this.#stored = undefined
    return true
  }

  async #loop(): Promise<void> {
    const { topic, partition } = this.#at
    const from = await this.#driver.open()
    // What is older than the log keeps can be handled no more.
    const start = await this.#ports.log.start(topic, partition)
    this.#cursor = this.#ports.log.open(topic, partition, Math.max(from, start) as Offset)
    this.#handledTo = this.#cursor.position
    this.#opened()
    while (!this.#stopping && this.#cursor.position < this.#until) {
      const records = await this.#next(this.#cursor)
      if (records === undefined) break
      if (records.some(isRelease)) await this.#handleParts(records)
      else await this.#handle(records)
      this.#handledTo = this.#cursor.position
      const room = this.#tail.room()
      if (room !== undefined) await room
    }
    await this.#end(this.#cursor.position)
  }

  async #next(cursor: Cursor): Promise<readonly StoredRecord[] | undefined> {
    const { maxBatchRecords: maxRecords, maxBatchBytes: maxBytes } = this.#limits
    try {
      return await cursor.next({ maxRecords, maxBytes })
    } catch (error) {
      if (error instanceof CursorClosed) return undefined
      throw error
    }
  }

  async #handle(records: readonly StoredRecord[]): Promise<void> {
    const next = (records[records.length - 1] as StoredRecord).offset + 1
    this.#follow(await this.#driver.handle(records), records.length, next as Offset)
  }

  /** Releases come by themselves, with all before them handled. */
  async #handleParts(records: readonly StoredRecord[]): Promise<void> {
    let from = 0
    for (let at = 0; at <= records.length; at++) {
      const record = records[at]
      if (record !== undefined && !isRelease(record)) continue
      if (at > from) await this.#handle(records.slice(from, at))
      if (record !== undefined) await this.#driver.release(record)
      from = at + 1
    }
  }

  /**
   * Whoever has nobody to tell need not wait for the disk: a crash loses only a suffix, offsets included. Now and then it
   * waits all the same, so that a backlog neither outruns the store nor keeps everything else from running.
   */
  #follow({ aside, deliveries, durable }: Handled, handled: number, next: Offset): void {
    aside?.catch((error) => this.#fail(error))
    this.#unawaited += handled
    if (this.#stored !== undefined) this.#noteStored(durable)
    if (deliveries.length === 0 && this.#unawaited < this.#limits.maxBatchRecords) {
      durable.catch((error) => this.#fail(error))
      this.#committer.reached(next)
      return
    }
    this.#unawaited = 0
    this.#tail.push(durable, () => {
      deliver(this.#ports.bus, deliveries)
      this.#committer.reached(next)
    })
  }

  #noteStored(durable: Promise<unknown>): void {
    const stored = Promise.all([this.#stored, durable])
    // Whoever waits hears of a failure; where nobody does, the loop ends by it anyway.
    stored.catch(() => {})
    this.#stored = stored
  }

  async #end(next: Offset): Promise<void> {
    await this.#tail.drained()
    if (this.#failure !== undefined) throw this.#failure
    await this.#driver.close()
    this.#committer.reached(next)
    await this.#committer.finish()
    await this.#ports.log.barrier()
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    this.#halt()
  }

  #halt(): void {
    this.#stopping = true
    this.#cursor?.close()
  }
}
