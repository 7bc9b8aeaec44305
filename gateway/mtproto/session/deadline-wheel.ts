/** Something that wants to be called at or after a time. It checks its own state: deadlines are never cancelled. */
export interface Timed {
  onDeadline(nowMs: number): void
}

interface Deadline {
  readonly dueMs: number
  readonly target: Timed
}

export const TICK_MS = 100
const SLOTS = 1024

/**
 * Hashed timing wheel (Varghese and Lauck, 1987) shared by all links and sessions, so that none of them holds a timer of
 * its own. Granularity is `TICK_MS`; a deadline beyond one turn stays in its slot and is looked at again.
 */
export class DeadlineWheel {
  readonly #slots: (Deadline[] | undefined)[] = new Array(SLOTS)
  #turn: number

  constructor(nowMs: number) {
    this.#turn = Math.floor(nowMs / TICK_MS)
  }

  add(target: Timed, dueMs: number): void {
    const turn = Math.max(Math.ceil(dueMs / TICK_MS), this.#turn + 1)
    const slot = turn % SLOTS
    const deadlines = this.#slots[slot]
    const deadline = { dueMs: turn * TICK_MS, target }
    if (deadlines) deadlines.push(deadline)
    else this.#slots[slot] = [deadline]
  }

  /** Calls everything that is due at `nowMs`. To be called every `TICK_MS`; late calls catch up. */
  advance(nowMs: number): void {
    const until = Math.floor(nowMs / TICK_MS)
    const first = Math.max(this.#turn + 1, until - SLOTS + 1)
    for (let turn = first; turn <= until; turn++) {
      this.#turn = turn
      this.#fire(turn % SLOTS, nowMs)
    }
  }

  #fire(slot: number, nowMs: number): void {
    const deadlines = this.#slots[slot]
    if (!deadlines) return
    this.#slots[slot] = undefined
    for (const deadline of deadlines) {
      if (deadline.dueMs <= nowMs) deadline.target.onDeadline(nowMs)
      else this.#keep(slot, deadline)
    }
  }

  #keep(slot: number, deadline: Deadline): void {
    const deadlines = this.#slots[slot]
    if (deadlines) deadlines.push(deadline)
    else this.#slots[slot] = [deadline]
  }
}
