const PREFIX = '+99966'
const RUN_DIGITS = 5
const INDEX_DIGITS = 4
const RUNS = 10 ** RUN_DIGITS
const INDICES = 10 ** INDEX_DIGITS

/** Telephone numbers that no one has: of a run drawn at random, counted up; several processes begin at different runs. */
export class Phones {
  private run: number
  private index = 0

  constructor(run: number) {
    this.run = run % RUNS
  }

  next(): string {
    if (this.index === INDICES) {
      this.index = 0
      this.run = (this.run + 1) % RUNS
    }
    const index = String(this.index++).padStart(INDEX_DIGITS, '0')
    return `${PREFIX}${String(this.run).padStart(RUN_DIGITS, '0')}${index}`
  }
}
