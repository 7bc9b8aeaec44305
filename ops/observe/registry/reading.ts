import type { Sample } from './family.ts'

export interface Read {
  /** In the order of the label names. */
  readonly labels: readonly string[]
  readonly value: number
}

/** A gauge that is read when somebody looks. */
export class Reading {
  readonly type = 'gauge'
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  readonly #sources: (() => readonly Read[] | Promise<readonly Read[]>)[] = []

  constructor(name: string, help: string, labelNames: readonly string[] = []) {
    this.name = name
    this.help = help
    this.labelNames = labelNames
  }

  /** `read` must not reject; what it cannot tell it leaves out. */
  from(read: () => readonly Read[] | Promise<readonly Read[]>): void {
    this.#sources.push(read)
  }

  /** Called by the registry. */
  async get() {
    const reads = await Promise.all(this.#sources.map((read) => read()))
    const values = reads.flat().map(({ labels, value }): Sample => ({ labels: this.#named(labels), value }))
    return { name: this.name, help: this.help, type: this.type, aggregator: 'sum', values }
  }

  #named(values: readonly string[]): Record<string, string> {
    return Object.fromEntries(this.labelNames.map((name, i) => [name, values[i] ?? '']))
  }
}
