/** Runs a few works at once; others wait, up to a limit. */
export class Slots {
  private readonly size: number
  private readonly maxWaiting: number
  private waiting: (() => Promise<void>)[] = []
  private running = 0

  constructor(size: number, maxWaiting: number) {
    this.size = size
    this.maxWaiting = maxWaiting
  }

  /** Runs `work`, which never rejects, now or later; false where too many wait. */
  run(work: () => Promise<void>): boolean {
    if (this.running < this.size) this.start(work)
    else if (this.waiting.length < this.maxWaiting) this.waiting.push(work)
    else return false
    return true
  }

  /** Works that wait or run. */
  get count(): number {
    return this.running + this.waiting.length
  }

  private start(work: () => Promise<void>): void {
    this.running++
    void work().finally(() => {
      this.running--
      const next = this.waiting.shift()
      if (next !== undefined) this.start(next)
    })
  }
}
