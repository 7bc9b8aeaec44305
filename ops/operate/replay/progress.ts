import { Presets, SingleBar } from 'cli-progress'

const LINE_EVERY_MS = 5_000

/** One bar with rate and time left on a terminal; a line now and then elsewhere. */
export class ProgressLine {
  readonly #what: string
  readonly #unit: string
  readonly #startedMs = performance.now()
  readonly #bar: SingleBar | undefined
  #total = 0
  #lastLineMs = performance.now()

  constructor(what: string, unit: string) {
    this.#what = what
    this.#unit = unit
    if (!process.stderr.isTTY) return
    const format = `${what} {bar} {percentage} % | {value}/{total} ${unit} | {rate}/s | {eta_formatted} left`
    this.#bar = new SingleBar(
      { format, stream: process.stderr, clearOnComplete: true },
      Presets.shades_classic,
    )
  }

  /** @param total where it is known */
  update(done: number, total?: number): void {
    const rate = Math.round(done / Math.max(0.001, this.seconds))
    if (this.#bar !== undefined) return this.#onBar(this.#bar, done, total ?? done, rate)
    if (performance.now() - this.#lastLineMs < LINE_EVERY_MS) return
    this.#lastLineMs = performance.now()
    const left =
      total === undefined ? '' : ` of ${total}, ${Math.ceil((total - done) / Math.max(1, rate))} s left`
    console.error(`${this.#what}: ${done}${left} ${this.#unit}, ${rate}/s`)
  }

  get seconds(): number {
    return (performance.now() - this.#startedMs) / 1000
  }

  end(): void {
    this.#bar?.stop()
  }

  #onBar(bar: SingleBar, done: number, total: number, rate: number): void {
    if (this.#total === 0) bar.start(Math.max(1, total), done, { rate })
    this.#total = total
    bar.setTotal(Math.max(1, total))
    bar.update(done, { rate })
  }
}
