import { type LogRecord, LogUnavailable, type Offset, OffsetMismatch } from '../log.ts'
import type { KafkaClient, Place } from './client.ts'
import { MAX_BATCH_BYTES } from './limits.ts'
import { batchBytes } from './wire/record-batch.ts'

interface Append {
  readonly records: readonly LogRecord[]
  readonly bytes: number
  readonly expected: Offset | undefined
  readonly resolve: (at: Offset) => void
  readonly reject: (error: Error) => void
}

/**
 * The appends of this process to one partition, in the order of the calls: one batch is in flight, and what comes meanwhile
 * gathers for the next.
 *
 * Kafka cannot check the offset that an append expects. What is known to be wrong is refused before it is sent; otherwise
 * the offset that the broker gives tells, and the records are in the log all the same. After a failure that leaves open
 * whether records are in the log, appends that expect an offset are refused until `end` was asked again: the records that
 * they rest on may be missing.
 */
export class PartitionAppender {
  readonly #client: KafkaClient
  readonly #place: Place
  readonly #settled: (bytes: number) => void
  #queue: Append[] = []
  #flying: Promise<void> | undefined
  /** The last append, until all are done. */
  #last: Promise<Offset> | undefined
  /** Offset behind the last record known of; others may have appended since. */
  #knownEnd: number | undefined
  #failures = 0
  #isInDoubt = false

  /** @param settled called with the bytes of each append that was acknowledged or has failed */
  constructor(client: KafkaClient, place: Place, settled: (bytes: number) => void) {
    this.#client = client
    this.#place = place
    this.#settled = settled
  }

  /** The last append that is not done. */
  get pending(): Promise<Offset> | undefined {
    return this.#last
  }

  /** As `Log.append`; `bytes` is what `settled` gets. */
  append(records: readonly LogRecord[], bytes: number, expected: Offset | undefined): Promise<Offset> {
    const append = new Promise<Offset>((resolve, reject) => {
      this.#queue.push({ records: records.slice(), bytes, expected, resolve, reject })
    })
    this.#last = append
    this.#flying ??= this.#fly()
    return append
  }

  /** As `Log.end`. Whoever asks looks at the log anew, and may expect offsets again. */
  async end(): Promise<Offset> {
    const failures = this.#failures
    const end = await this.#client.offset(this.#place, 'end')
    this.#knownEnd = Math.max(this.#knownEnd ?? 0, end)
    if (failures === this.#failures) this.#isInDoubt = false
    return end
  }

  async #fly(): Promise<void> {
    // Lets the appends of this turn gather.
    await undefined
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch()
      if (batch.length > 0) await this.#send(batch)
      else if (this.#queue.length > 0) await this.#checkFirst()
    }
    this.#flying = undefined
    this.#last = undefined
  }

  /** Appends that can go together; those that cannot go at all are refused. Empty where the end must be asked first. */
  #takeBatch(): Append[] {
    const batch: Append[] = []
    let next = this.#knownEnd
    let bytes = 0
    let taken = 0
    for (const append of this.#queue) {
      const refusal = this.#refusal(append, next)
      if (refusal === undefined) {
        if (append.expected !== undefined && append.expected !== next) break
        if (batch.length > 0 && bytes + append.bytes > MAX_BATCH_BYTES) break
        batch.push(append)
        bytes += append.bytes
        if (next !== undefined) next += append.records.length
      } else {
        this.#refuse(append, refusal)
      }
      taken++
    }
    this.#queue.splice(0, taken)
    return batch
  }

  #refusal({ expected }: Append, next: number | undefined): Error | undefined {
    if (expected === undefined) return undefined
    if (this.#isInDoubt) return new LogUnavailable(`${this.#name()}: an append before has failed`)
    return next !== undefined && expected < next ? this.#mismatch(next, expected) : undefined
  }

  /** The first append expects an offset that is not known of: the log may have grown, or it is wrong. */
  async #checkFirst(): Promise<void> {
    const first = this.#queue[0]!
    try {
      const end = await this.#client.offset(this.#place, 'end')
      this.#knownEnd = end
      if (end === first.expected) return
      this.#queue.shift()
      this.#refuse(first, this.#mismatch(end, first.expected!))
    } catch (error) {
      this.#failAll([], error as Error)
    }
  }

  async #send(batch: readonly Append[]): Promise<void> {
    const records = batch.length === 1 ? batch[0]!.records : batch.flatMap((append) => append.records)
    let at: number
    try {
      at = await this.#client.produce(this.#place, records)
    } catch (error) {
      this.#failAll(batch, error as Error)
      return
    }
    this.#knownEnd = at + records.length
    for (const append of batch) {
      this.#settled(append.bytes)
      if (append.expected !== undefined && append.expected !== at) {
        append.reject(this.#mismatch(at, append.expected))
      } else {
        append.resolve(at as Offset)
      }
      at += append.records.length
    }
  }

  /** Where it is open whether the batch is in the log, what waits is refused too: it was to stand behind it. */
  #failAll(batch: readonly Append[], error: Error): void {
    for (const append of batch) this.#refuse(append, error)
    if (!(error instanceof LogUnavailable)) {
      const first = batch.length === 0 ? this.#queue.shift() : undefined
      if (first !== undefined) this.#refuse(first, error)
      return
    }
    const waiting = this.#queue
    this.#queue = []
    this.#knownEnd = undefined
    this.#failures++
    this.#isInDoubt = true
    for (const append of waiting) this.#refuse(append, error)
  }

  #refuse(append: Append, error: Error): void {
    this.#settled(append.bytes)
    append.reject(error)
  }

  #mismatch(end: number, expected: number): OffsetMismatch {
    return new OffsetMismatch(`${this.#name()} ends at ${end}, not ${expected}`)
  }

  #name(): string {
    return `${this.#place.topic}/${this.#place.partition}`
  }
}

/** What records count for in the limits. */
export function appendBytes(records: readonly LogRecord[]): number {
  return batchBytes(records)
}
