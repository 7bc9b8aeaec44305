/** A sample as prom-client's registry writes it. */
export interface Sample {
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Label values of one family; all come from the software, so more of them than this are a mistake that must not grow. */
export const MAX_CHILDREN = 2000
const OVERFLOW = 'other'

/**
 * A metric with its label values bound once: prom-client looks labels up and hashes them at each observation, which
 * costs more than the work that is observed. It is used for the text format, which these families are registered for.
 */
export abstract class Family<C> {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  abstract readonly type: 'counter' | 'histogram' | 'gauge'
  readonly #children = new Map<string, { readonly labels: Record<string, string>; readonly child: C }>()

  constructor(name: string, help: string, labelNames: readonly string[] = []) {
    this.name = name
    this.help = help
    this.labelNames = labelNames
  }

  /** The child of these label values, in the order of the names; keep it where it is used often. */
  with(...values: readonly string[]): C {
    const key = values.join('\n')
    const known = this.#children.get(key)
    if (known !== undefined) return known.child
    if (this.#children.size >= MAX_CHILDREN && values.some((value) => value !== OVERFLOW))
      return this.with(...values.map(() => OVERFLOW))
    const labels = Object.fromEntries(this.labelNames.map((name, i) => [name, values[i] ?? '']))
    const child = this.create()
    this.#children.set(key, { labels, child })
    return child
  }

  /** Called by the registry. */
  async get() {
    const values = [...this.#children.values()].flatMap(({ labels, child }) => this.samples(labels, child))
    return { name: this.name, help: this.help, type: this.type, aggregator: 'sum', values }
  }

  protected abstract create(): C
  protected abstract samples(labels: Record<string, string>, child: C): Sample[]
}
