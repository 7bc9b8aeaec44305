import { type Cursor, CursorClosed, type Offset, type ReadLimits, type StoredRecord } from '../log.ts'
import type { KafkaClient, Place, Reading, RecordSink } from './client.ts'
import { MAX_PREFETCH_BYTES } from './limits.ts'

/** Hands out what its reading brings; the reading pauses while too much of it lies here unread. */
export class KafkaCursor implements Cursor, RecordSink {
  readonly #reading: Reading
  readonly #closed: (cursor: KafkaCursor) => void
  #records: readonly StoredRecord[] = []
  /** The first of them that was not handed out. */
  #head = 0
  #bytes = 0
  #position: Offset
  #failure: Error | undefined
  #wake: (() => void) | undefined

  /** @param closed called once it is closed */
  constructor(client: KafkaClient, place: Place, from: Offset, closed: (cursor: KafkaCursor) => void) {
    this.#position = from
    this.#closed = closed
    this.#reading = client.read(place, from, this)
  }

  get position(): Offset {
    return this.#position
  }

  async next(limits: ReadLimits): Promise<readonly StoredRecord[]> {
    while (this.#failure === undefined && this.#head === this.#records.length) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#failure !== undefined) throw this.#failure
    return this.#take(limits)
  }

  close(): void {
    if (this.#failure instanceof CursorClosed) return
    this.fail(new CursorClosed('the cursor was closed'))
    this.#reading.close()
    this.#closed(this)
  }

  receive(records: readonly StoredRecord[]): boolean {
    const unread = this.#head === this.#records.length ? [] : this.#records.slice(this.#head)
    this.#records = unread.length === 0 ? records : [...unread, ...records]
    this.#head = 0
    for (const { value } of records) this.#bytes += value.length
    this.#rouse()
    return this.#bytes < MAX_PREFETCH_BYTES
  }

  fail(error: Error): void {
    this.#failure = error
    this.#records = []
    this.#head = 0
    this.#rouse()
  }

  #take({ maxRecords, maxBytes }: ReadLimits): readonly StoredRecord[] {
    const start = this.#head
    let end = start
    let bytes = 0
    while (end < this.#records.length && end - start < maxRecords) {
      const more = bytes + this.#records[end]!.value.length
      if (more > maxBytes && end > start) break
      bytes = more
      end++
    }
    const taken =
      start === 0 && end === this.#records.length ? this.#records : this.#records.slice(start, end)
    this.#head = end
    this.#position = (taken[taken.length - 1]!.offset + 1) as Offset
    this.#bytes -= bytes
    if (this.#bytes < MAX_PREFETCH_BYTES / 2) this.#reading.resume()
    return taken
  }

  #rouse(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
