import { type Cursor, CursorClosed, type Offset, type ReadLimits, type StoredRecord } from './log.ts'

/** A partition as cursors read it. */
export interface PartitionSource {
  /** Records from `from` within the limits; none when `from` is the end. Never less than one where there is one. */
  read(from: Offset, limits: ReadLimits): readonly StoredRecord[]
  /** First offset retained. */
  readonly start: Offset
  /** Cursors that are open on the partition; the source may forget at hand what all of them have read. */
  readonly readers: Set<Cursor>
  /** Called at the next append. */
  readonly waiters: Waiters
}

/** Who waits for the next record of a partition. */
export class Waiters {
  #waiting: (() => void)[] = []

  add(wake: () => void): void {
    this.#waiting.push(wake)
  }

  wake(): void {
    if (this.#waiting.length === 0) return
    const woken = this.#waiting
    this.#waiting = []
    for (const wake of woken) wake()
  }
}

/** Reads a partition of this process. What is already there is given without waiting. */
export class PartitionCursor implements Cursor {
  readonly #source: PartitionSource
  readonly #open: Set<Cursor>
  #position: Offset
  #closed = false
  #wake: (() => void) | undefined

  /** Is in `open` until it is closed. */
  constructor(source: PartitionSource, from: Offset, open: Set<Cursor>) {
    this.#source = source
    this.#position = from
    this.#open = open
    open.add(this)
    source.readers.add(this)
  }

  get position(): Offset {
    return this.#position
  }

  async next(limits: ReadLimits): Promise<readonly StoredRecord[]> {
    for (;;) {
      if (this.#closed) throw new CursorClosed('the cursor was closed')
      if (this.#position < this.#source.start) this.#position = this.#source.start
      const records = this.#source.read(this.#position, limits)
      if (records.length > 0) {
        this.#position = (records[records.length - 1]!.offset + 1) as Offset
        return records
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        this.#source.waiters.add(resolve)
      })
    }
  }

  close(): void {
    this.#closed = true
    this.#open.delete(this)
    this.#source.readers.delete(this)
    this.#wake?.()
  }
}
