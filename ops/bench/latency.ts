/** Latencies of one run, in microseconds. */
export class Latencies {
  private values = new Float64Array(1024)
  private length = 0

  add(microseconds: number): void {
    if (this.length === this.values.length) {
      const grown = new Float64Array(this.length * 2)
      grown.set(this.values)
      this.values = grown
    }
    this.values[this.length++] = microseconds
  }

  get count(): number {
    return this.length
  }

  /** p50, p99 and the largest, in milliseconds; undefined where nothing was measured. */
  summary(): LatencySummary | undefined {
    if (this.length === 0) return undefined
    const sorted = this.values.slice(0, this.length).sort()
    const at = (share: number) =>
      (sorted[Math.min(this.length - 1, Math.floor(share * this.length))] ?? 0) / 1000
    return { count: this.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
  }
}

export interface LatencySummary {
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}
