import { Family, type Sample } from './family.ts'

/** How often values fell into each bucket. */
export class Distribution {
  readonly bounds: Float64Array
  readonly counts: Float64Array
  sum = 0

  constructor(bounds: Float64Array) {
    this.bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const { bounds } = this
    let bucket = 0
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++
    this.counts[bucket] = (this.counts[bucket] as number) + 1
    this.sum += value
  }
}

export class Histogram extends Family<Distribution> {
  readonly type = 'histogram'
  readonly #bounds: Float64Array

  /** @param bounds upper bounds of the buckets, ascending */
  constructor(name: string, help: string, labelNames: readonly string[], bounds: readonly number[]) {
    super(name, help, labelNames)
    this.#bounds = Float64Array.from(bounds)
  }

  protected create(): Distribution {
    return new Distribution(this.#bounds)
  }

  protected samples(labels: Record<string, string>, { bounds, counts, sum }: Distribution): Sample[] {
    const metricName = `${this.name}_bucket`
    const samples: Sample[] = []
    let total = 0
    for (let i = 0; i <= bounds.length; i++) {
      total += counts[i] as number
      const le = i === bounds.length ? '+Inf' : String(bounds[i])
      samples.push({ metricName, labels: { ...labels, le }, value: total })
    }
    samples.push({ metricName: `${this.name}_sum`, labels, value: sum })
    samples.push({ metricName: `${this.name}_count`, labels, value: total })
    return samples
  }
}
