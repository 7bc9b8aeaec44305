/**
 * A node makes what it has acknowledged findable after a kill about every 100 ms (CASSANDRA-13987), on the disk less often
 * still. What it acknowledged within this time before its end may be lost with it, where no other node has it.
 */
export const KEPT_MS = 1_000
/** More rows than this within that time are not all kept: the oldest are dropped. */
export const MAX_KEPT_ROWS = 100_000

interface Kept<W> {
  readonly atMs: number
  readonly rows: readonly W[]
}

/** What was acknowledged last, to be written again when a node comes back: rows with their write times, or compare-and-sets. */
export class RecentWrites<W> {
  readonly #nowMs: () => number
  #kept: Kept<W>[] = []
  #first = 0
  #rows = 0
  #held = false

  /** @param nowMs a clock that is never set back */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
  }

  /** A node is lost: nothing is forgotten for its age until it is back and all has been written again. */
  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
  }

  add(rows: readonly W[]): void {
    const atMs = this.#nowMs()
    this.#kept.push({ atMs, rows })
    this.#rows += rows.length
    for (;;) {
      const oldest = this.#kept[this.#first] as Kept<W>
      const isRecent = this.#held || oldest.atMs >= atMs - KEPT_MS
      if (isRecent && this.#rows <= MAX_KEPT_ROWS) break
      if (this.#first === this.#kept.length - 1) break
      this.#rows -= oldest.rows.length
      this.#first++
    }
    if (this.#first > this.#kept.length / 2) {
      this.#kept = this.#kept.slice(this.#first)
      this.#first = 0
    }
  }

  /** In the order in which they were acknowledged. */
  all(): W[] {
    return this.#kept.slice(this.#first).flatMap(({ rows }) => rows)
  }
}
