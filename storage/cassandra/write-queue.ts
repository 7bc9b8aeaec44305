import { StoreUnavailable } from '../tables.ts'
import type { Statement } from './session.ts'

/** One row's write on its way. */
export interface RowWrite extends Statement {
  /** Equal for rows of one partition key, whatever their tables. */
  readonly partition: string
  readonly sizeBytes: number
}

/** Rows in one batch. */
export const MAX_BATCH_ROWS = 100
/** Of rows that share a partition: the server applies them as one mutation, whatever its size. */
export const MAX_PARTITION_BATCH_BYTES = 32 * 1024
/** Of rows of several partitions. The server warns above 5 KiB and refuses above 50, counted a little differently. */
export const MAX_MIXED_BATCH_BYTES = 4 * 1024
/** The server warns of unlogged batches over more. */
export const MAX_MIXED_BATCH_PARTITIONS = 10
/** Further rows wait meanwhile, and then go in larger batches. */
export const MAX_BATCHES_IN_FLIGHT = 16
/** Beyond it writers are refused. */
export const MAX_QUEUED_ROWS = 200_000

/** What one caller asked for; settled when all of its rows are. */
interface Application {
  pending: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}
interface QueuedWrite {
  readonly write: RowWrite
  readonly application: Application
}

export interface BatchTarget {
  /** Stores all, or rejects where some may be missing. */
  send(batch: readonly Statement[]): Promise<unknown>
  /** True where any node holds all partitions, so that rows of several may travel together. */
  mayMix(): boolean
}

/**
 * Rows on their way, grouped by partition and sent in batches. While few batches are under way a row goes at once; under load rows
 * gather, those of several callers too. The order of sending means nothing: write times order the rows.
 */
export class WriteQueue {
  readonly #target: BatchTarget
  readonly #groups = new Map<string, QueuedWrite[]>()
  #rows = 0
  #inFlight = 0
  #isDue = false

  constructor(target: BatchTarget) {
    this.#target = target
  }

  /** Resolves when all are stored; at most one write for each row. */
  add(writes: readonly RowWrite[]): Promise<void> {
    if (writes.length === 0) return Promise.resolve()
    if (this.#rows + writes.length > MAX_QUEUED_ROWS) {
      return Promise.reject(new StoreUnavailable(`more than ${MAX_QUEUED_ROWS} rows wait for Cassandra`))
    }
    return new Promise((resolve, reject) => {
      const application = { pending: writes.length, resolve, reject }
      for (const write of writes) this.#queue({ write, application })
      this.#schedule()
    })
  }

  #queue(queued: QueuedWrite): void {
    this.#rows++
    const { partition } = queued.write
    const group = this.#groups.get(partition)
    if (group === undefined) this.#groups.set(partition, [queued])
    else group.push(queued)
  }

  /** At the end of this turn, so that what others ask for in it travels along. */
  #schedule(): void {
    if (this.#isDue) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      this.#drain()
    })
  }

  #drain(): void {
    while (this.#inFlight < MAX_BATCHES_IN_FLIGHT && this.#rows > 0) void this.#send(this.#take())
  }

  async #send(batch: readonly QueuedWrite[]): Promise<void> {
    this.#inFlight++
    try {
      await this.#target.send(batch.map(({ write }) => write))
      for (const { application } of batch) if (--application.pending === 0) application.resolve()
    } catch (error) {
      for (const { application } of batch) application.reject(error)
    }
    this.#inFlight--
    this.#drain()
  }

  /** The rows that waited longest, as many as may go together. */
  #take(): QueuedWrite[] {
    const batch: QueuedWrite[] = []
    const maxPartitions = this.#target.mayMix() ? MAX_MIXED_BATCH_PARTITIONS : 1
    let sizeBytes = 0
    let partitions = 0
    for (const [partition, group] of this.#groups) {
      if (partitions === maxPartitions) break
      const maxBytes = partitions === 0 ? MAX_PARTITION_BATCH_BYTES : MAX_MIXED_BATCH_BYTES
      const taken = fitting(group, MAX_BATCH_ROWS - batch.length, maxBytes - sizeBytes, batch.length === 0)
      for (let i = 0; i < taken; i++) {
        sizeBytes += group[i]!.write.sizeBytes
        batch.push(group[i]!)
      }
      if (taken < group.length) {
        group.splice(0, taken)
        break
      }
      this.#groups.delete(partition)
      partitions++
    }
    this.#rows -= batch.length
    return batch
  }
}

/** How many of a group fit into so many rows and bytes; one at least where `atLeastOne`. */
function fitting(
  group: readonly QueuedWrite[],
  maxRows: number,
  maxBytes: number,
  atLeastOne: boolean,
): number {
  let rows = 0
  let sizeBytes = 0
  while (rows < group.length && rows < maxRows) {
    sizeBytes += group[rows]!.write.sizeBytes
    if (sizeBytes > maxBytes && !(atLeastOne && rows === 0)) break
    rows++
  }
  return rows
}
