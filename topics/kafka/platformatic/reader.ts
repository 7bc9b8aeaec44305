import type { StoredRecord } from '../../log.ts'
import type { Place, Reading, RecordSink } from '../client.ts'

/** One open reading: where it stands, and whether it wants more. */
export class Reader implements Reading {
  readonly place: Place
  /** Offset of the record that comes next. */
  position: number
  /** Where to fetch from: lower than `position` while that is beyond the end. */
  from: number
  paused = false
  closed = false
  /** The broker had nothing more the last time. */
  caughtUp = false
  readonly #sink: RecordSink
  readonly #resumed: (reader: Reader) => void

  /** @param resumed called when a reader that was paused wants records again */
  constructor(place: Place, from: number, sink: RecordSink, resumed: (reader: Reader) => void) {
    this.place = place
    this.position = from
    this.from = from
    this.#sink = sink
    this.#resumed = resumed
  }

  get wantsMore(): boolean {
    return !this.paused && !this.closed
  }

  /** Takes records that begin at `from` or before. */
  receive(records: readonly StoredRecord[]): void {
    this.caughtUp = records.length === 0
    const last = records.at(-1)
    if (last === undefined || this.closed || last.offset < this.from) return
    this.from = last.offset + 1
    const fresh =
      records[0]!.offset >= this.position ? records : records.filter((r) => r.offset >= this.position)
    if (fresh.length === 0) return
    this.position = last.offset + 1
    this.paused = !this.#sink.receive(fresh)
  }

  fail(error: Error): void {
    this.closed = true
    this.#sink.fail(error)
  }

  resume(): void {
    if (!this.paused || this.closed) return
    this.paused = false
    this.caughtUp = false
    this.#resumed(this)
  }

  close(): void {
    this.closed = true
  }
}
