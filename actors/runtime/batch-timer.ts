import type { StoredRecord } from '@heliograph/topics'
import type { ActorsObserver, ObservedPlace } from './observer.ts'

/** Times the stages of one batch for an observer. */
export class BatchTimer {
  readonly #tell: (batch: Parameters<NonNullable<ActorsObserver['batch']>>[0]) => void
  readonly #place: ObservedPlace
  readonly #records: readonly StoredRecord[]
  readonly #stages = { load: 0, decide: 0, append: 0, rows: 0 }
  #since = performance.now()

  private constructor(
    tell: NonNullable<ActorsObserver['batch']>,
    place: ObservedPlace,
    records: readonly StoredRecord[],
  ) {
    this.#tell = tell
    this.#place = place
    this.#records = records
  }

  /** Undefined where nobody observes batches: whoever times one asks `timer?.`. */
  static start(
    observer: ActorsObserver | undefined,
    place: ObservedPlace,
    records: readonly StoredRecord[],
  ): BatchTimer | undefined {
    const tell = observer?.batch
    return tell === undefined ? undefined : new BatchTimer(tell.bind(observer), place, records)
  }

  /** A stage is over. */
  ended(stage: 'load' | 'decide' | 'append'): void {
    this.#stages[stage] = this.#lap()
  }

  /** Everything is stored. */
  stored(): void {
    this.#stages.rows = this.#lap()
    let bytes = 0
    for (const { value } of this.#records) bytes += value.length
    const oldestTimestampMs = this.#records[0]?.timestampMs ?? 0
    const { group, topic, partition } = this.#place
    const records = this.#records.length
    this.#tell({ group, topic, partition, records, bytes, oldestTimestampMs, stages: this.#stages })
  }

  #lap(): number {
    const now = performance.now()
    const lap = now - this.#since
    this.#since = now
    return lap
  }
}
