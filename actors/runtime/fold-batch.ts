import type { RecordHeader } from '@heliograph/schemas/avro'
import type { Mutation, RowRef } from '@heliograph/storage'
import type { Span, Tracer } from '@heliograph/topics'
import type { DeadLetters } from './dead-letters.ts'
import type { At, Fold, TypedRecord } from './decider.ts'
import { bareAnswer, type Delivery, deliveryOf, INTERNAL } from './delivery.ts'
import type { Epochs } from './epochs.ts'
import type { OpenedRecord } from './opened-record.ts'
import type { Codec } from './ports.ts'
import type { RowView } from './row-view.ts'
import type { Watermarks } from './watermarks.ts'

export type AnyFold = Fold<TypedRecord>

export interface FoldPlace {
  readonly partition: number
  readonly partitions: number
}

/** The rows that folding `records` must see, counters included; a record whose needs fail comes back as poison. */
export function foldNeeds(fold: AnyFold, records: readonly OpenedRecord[]) {
  const needs: RowRef[] = []
  const ready = records.map((opened) => {
    const { record } = opened
    // An announcement is no record of the fold's own topic language.
    if (record === undefined || record.type === 'OwnerAnnounced') return opened
    try {
      const counter = { table: fold.counterTable, key: fold.counterKey(record) }
      needs.push(counter, ...fold.needs(record))
      return opened
    } catch (error) {
      return { ...opened, error }
    }
  })
  return { needs, ready }
}

/** Folds records one after the other, without I/O; the rows stand in the view. */
export class FoldBatch {
  readonly deliveries: Delivery[] = []
  readonly #fold: AnyFold
  readonly #codec: Codec
  readonly #place: FoldPlace
  readonly #view: RowView
  readonly #epochs: Epochs
  readonly #watermarks: Watermarks
  readonly #deadLetters: Pick<DeadLetters, 'takesLater' | 'park'>
  readonly #tracer: Tracer | undefined
  #spans: Span[] | undefined
  #hasCounted = false

  constructor(
    fold: AnyFold,
    codec: Codec,
    place: FoldPlace,
    to: {
      readonly view: RowView
      readonly epochs: Epochs
      readonly watermarks: Watermarks
      readonly deadLetters: Pick<DeadLetters, 'takesLater' | 'park'>
      readonly tracer?: Tracer | undefined
    },
  ) {
    this.#fold = fold
    this.#codec = codec
    this.#place = place
    this.#view = to.view
    this.#epochs = to.epochs
    this.#watermarks = to.watermarks
    this.#deadLetters = to.deadLetters
    this.#tracer = to.tracer
  }

  take(opened: OpenedRecord): void {
    const { header, record, stored, error } = opened
    if (header !== undefined && record !== undefined && !this.#isNew(header, record)) return
    if (this.#deadLetters.takesLater(stored)) return this.#answerInternal(header)
    try {
      if (header === undefined || record === undefined || error !== undefined) throw error
      this.#count(opened, header, record)
    } catch (poison) {
      this.#deadLetters.park(stored, poison)
      this.#answerInternal(header)
    }
  }

  #isNew(header: RecordHeader, record: TypedRecord): boolean {
    return this.#epochs.accept(header, record) && this.#watermarks.see(header.cause)
  }

  #count({ stored }: OpenedRecord, header: RecordHeader, record: TypedRecord): void {
    const { counterTable, counterKey } = this.#fold
    const counter = this.#view.get(counterTable, counterKey.call(this.#fold, record))
    const offset = counter?.offset as number | null | undefined
    if (typeof offset === 'number' && offset >= stored.offset) return
    const { partition, partitions } = this.#place
    const date = Math.floor(stored.timestampMs / 1000)
    const at: At = { date, partition, partitions, offset: stored.offset }
    const folded = this.#fold.fold(this.#view, record, header, at)
    const origin = { causedMs: stored.timestampMs, trace: this.#traced(header, record) }
    const deliveries = folded.reactions.map((reaction) => deliveryOf(this.#codec, reaction, origin))
    this.#hasCounted = true
    for (const mutation of folded.rows) this.#view.write(mutation)
    this.#view.write({ kind: 'upsert', table: counterTable, row: folded.counter })
    for (const delivery of deliveries) this.deliveries.push(delivery)
  }

  #traced({ trace = null }: RecordHeader, { type }: TypedRecord): string | null {
    if (trace === null || this.#tracer === undefined) return trace
    const span = this.#tracer.follow(trace, `count ${type}`)
    this.#spans ??= []
    this.#spans.push(span)
    return span.context
  }

  /** What was counted is stored: so much for the traces of it. */
  endTraces(): void {
    for (const span of this.#spans ?? []) span.end()
  }

  #answerInternal(header: RecordHeader | undefined): void {
    const reply = header?.reply
    if (reply) this.deliveries.push(bareAnswer(this.#codec, reply, INTERNAL))
  }

  /** Whether anything is to be written. */
  get hasCounted(): boolean {
    return this.#hasCounted
  }

  /** The rows to write: what was derived, then the counters that prove it. */
  written(): { rows: Mutation[]; counters: Mutation[] } {
    const rows: Mutation[] = []
    const counters: Mutation[] = []
    for (const mutation of this.#view.written()) {
      if (mutation.table === this.#fold.counterTable) counters.push(mutation)
      else rows.push(mutation)
    }
    return { rows, counters }
  }
}
