import type { Random } from './random.ts'

export interface ArrivalPlan {
  readonly perSecond: number
  /** Seconds in which the rate grows from nothing, in a straight line. */
  readonly rampSeconds: number
  readonly durationSeconds: number
  readonly process: 'poisson' | 'constant'
}

/**
 * The times at which an open loop's events are due, in milliseconds from its start. They depend on the plan and the seed
 * alone, never on how the server answers: whoever measures from them leaves nothing out (no coordinated omission).
 */
export class Arrivals {
  private readonly plan: ArrivalPlan
  private readonly random: Random
  private position = 0
  private nextMs: number

  constructor(plan: ArrivalPlan, random: Random) {
    this.plan = plan
    this.random = random
    this.nextMs = this.advance()
  }

  /** The earliest event that is due at `nowMs` and was not taken, or undefined. */
  take(nowMs: number): number | undefined {
    const dueMs = this.nextMs
    if (dueMs > nowMs || this.ended) return undefined
    this.nextMs = this.advance()
    return dueMs
  }

  /** No more events will be due. */
  get ended(): boolean {
    return this.nextMs >= this.plan.durationSeconds * 1000
  }

  /** The next event of a process of rate 1, stretched to the plan's rate. */
  private advance(): number {
    this.position += this.plan.process === 'constant' ? 1 : -Math.log(1 - this.random())
    return secondsUntil(this.position, this.plan) * 1000
  }
}

/** When so many events are expected: the inverse of the rate's integral. */
function secondsUntil(events: number, { perSecond, rampSeconds }: ArrivalPlan): number {
  const inRamp = (perSecond * rampSeconds) / 2
  if (events < inRamp) return Math.sqrt((2 * events * rampSeconds) / perSecond)
  return rampSeconds + (events - inRamp) / perSecond
}
