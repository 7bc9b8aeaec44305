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
import { Superseded } from './ownership.ts'
import type { Assignment, LoopLimits, Ports } from './ports.ts'

/** A batch that has been handled: what there is to tell, and when it may be told. */
export interface Handled {
  readonly deliveries: readonly Delivery[]
  /** Resolves when nothing that the deliveries rest on can be lost. */
  readonly durable: Promise<void>
}

/** What a partition loop does with the records that it reads. */
export interface PartitionDriver {
  /** Takes the partition over; resolves to the offset to read from. */
  open(): Promise<number>
  /** Handles records in order; resolves when all is given to the stores. */
  handle(records: readonly StoredRecord[]): Promise<Handled>
  /** Saves where it stands, after everything has been handled. */
  close(): Promise<void>
}

/** Reads one partition and drives what is to be done with it, until it is stopped or superseded. */
export class PartitionLoop {
  readonly #ports: Ports
  readonly #at: Assignment
  readonly #driver: PartitionDriver
  readonly #limits: LoopLimits
  readonly #committer: OffsetCommitter
  readonly #tail: DurableTail
  #cursor: Cursor | undefined
  #stopping = false
  /** Where to stop reading. */
  #until = Number.POSITIVE_INFINITY
  /** Records handled since the last wait for the disk. */
  #unawaited = 0
  #failure: unknown

  /** @param membership of the group, which may be still joining */
  constructor(
    ports: Ports,
    at: Assignment,
    driver: PartitionDriver,
    limits: LoopLimits,
    membership: Promise<Membership>,
  ) {
    this.#ports = ports
    this.#at = at
    this.#driver = driver
    this.#limits = limits
    this.#committer = new OffsetCommitter(at, membership, limits.commitEveryMs, (error) => this.#fail(error))
    this.#tail = new DurableTail(limits.maxInFlight, () => this.#halt())
  }

  /** Resolves when the loop was stopped and all is saved, or when another owner took over; rejects when a store fails. */
  async run(): Promise<'stopped' | 'superseded'> {
    try {
      await this.#loop()
      return 'stopped'
    } catch (error) {
      if (error instanceof Superseded) return 'superseded'
      throw error
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

  async #loop(): Promise<void> {
    const { topic, partition } = this.#at
    const from = await this.#driver.open()
    this.#cursor = this.#ports.log.open(topic, partition, from as Offset)
    while (!this.#stopping && this.#cursor.position < this.#until) {
      const records = await this.#next(this.#cursor)
      if (records === undefined) break
      this.#follow(await this.#driver.handle(records), records.length, this.#cursor.position)
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

  /**
   * Whoever has nobody to tell need not wait for the disk: a crash loses only a suffix, offsets included. Now and then it
   * waits all the same, so that a backlog neither outruns the store nor keeps everything else from running.
   */
  #follow({ deliveries, durable }: Handled, handled: number, next: Offset): void {
    this.#unawaited += handled
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
