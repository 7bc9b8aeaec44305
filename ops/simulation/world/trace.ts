import { createHash } from 'node:crypto'

/** Everything that was done and said in a run, in order: as a hash, and as lines where somebody wants to read them. */
export class Trace {
  readonly lines: string[] | undefined
  readonly #hash = createHash('sha1')
  #length = 0

  constructor(keepLines: boolean) {
    this.lines = keepLines ? [] : undefined
  }

  get length(): number {
    return this.#length
  }

  note(line: string, bytes?: Uint8Array): void {
    this.#length++
    this.#hash.update(line)
    if (bytes !== undefined) this.#hash.update(bytes)
    this.lines?.push(line)
  }

  /** Ends the trace. */
  digest(): string {
    return this.#hash.digest('hex')
  }
}
