import { addPacked, newHistogram, percentilesOf } from './measure/histogram.ts'
import type { Sample } from './measure/meter.ts'
import type { TimelinePoint } from './result.ts'

/** A point is made when every process has sent its sample of that second, or when a process sends the next. */
export class Timeline {
  readonly points: TimelinePoint[] = []
  private waiting = new Map<number, Sample>()
  private startedMs: number | undefined
  private readonly nowMs: () => number
  private readonly processes: number
  private readonly onPoint: (point: TimelinePoint) => void

  constructor(processes: number, onPoint: (point: TimelinePoint) => void, nowMs = () => performance.now()) {
    this.processes = processes
    this.onPoint = onPoint
    this.nowMs = nowMs
  }

  /** The traffic begins now. */
  started(): void {
    this.startedMs = this.nowMs()
  }

  add(process: number, sample: Sample): void {
    if (this.waiting.has(process)) this.flush()
    this.waiting.set(process, sample)
    if (this.waiting.size === this.processes) this.flush()
  }

  flush(): void {
    if (this.waiting.size === 0) return
    const samples = [...this.waiting.values()]
    this.waiting = new Map()
    const point = pointOf(samples, this.startedMs === undefined ? -1 : (this.nowMs() - this.startedMs) / 1000)
    if (this.startedMs !== undefined) this.points.push(point)
    this.onPoint(point)
  }
}

function pointOf(samples: readonly Sample[], at: number): TimelinePoint {
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, sample) => total + of(sample), 0)
  const deliveredAfter = newHistogram()
  const acknowledgedAfter = newHistogram()
  for (const sample of samples) {
    addPacked(deliveredAfter, sample.deliveredAfter)
    addPacked(acknowledgedAfter, sample.acknowledgedAfter)
  }
  return {
    at,
    sent: sum(({ sent }) => sent),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    delivered: sum(({ delivered }) => delivered),
    signUps: sum(({ signUps }) => signUps),
    inFlight: sum(({ inFlight }) => inFlight),
    connections: sum(({ connections }) => connections),
    reconnects: sum(({ reconnects }) => reconnects),
    errors: sum(({ errors }) => Object.values(errors).reduce((total, count) => total + count, 0)),
    bytesUp: sum(({ bytesUp }) => bytesUp),
    bytesDown: sum(({ bytesDown }) => bytesDown),
    deliveredAfter: percentilesOf(deliveredAfter),
    acknowledgedAfter: percentilesOf(acknowledgedAfter),
  }
}
