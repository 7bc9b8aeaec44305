import { createLogUpdate } from 'log-update'
import type { TimelinePoint } from '../result.ts'
import type { Scenario } from '../scenario.ts'
import { count, duration } from './numbers.ts'

/** Without a terminal, so many seconds lie between two lines. */
const LINE_EVERY = 5
const BAR_WIDTH = 30

/** Shows a run while it runs. */
export interface LiveView {
  point(point: TimelinePoint): void
  /** Leaves what is shown last. */
  end(): void
}

/** A view that is drawn again each second on a terminal, and a line every few seconds anywhere else. */
export function liveView(scenario: Scenario, stream: NodeJS.WriteStream): LiveView {
  let errors = 0
  let signUps = 0
  const counted = (point: TimelinePoint): TimelinePoint => {
    errors += point.errors
    signUps += point.signUps
    return { ...point, errors, signUps }
  }
  if (stream.isTTY) {
    const update = createLogUpdate(stream)
    return {
      point: (point) => update(panel(counted(point), scenario).join('\n')),
      end: () => update.done(),
    }
  }
  let points = 0
  return {
    point: (point) => {
      const shown = counted(point)
      if (points++ % LINE_EVERY === 0) stream.write(`${line(shown)}\n`)
    },
    end: () => {},
  }
}

/** One line with all that matters; `errors` and `signUps` are those so far. */
export function line(point: TimelinePoint): string {
  const { deliveredAfter: after } = point
  if (point.at < 0) return `signing up: ${count(point.signUps)} done, ${point.errors} errors`
  return [
    `${point.at.toFixed(0)} s`,
    `sent ${count(point.sent)}/s`,
    `acked ${count(point.acknowledged)}/s`,
    `delivered ${count(point.delivered)}/s`,
    `in flight ${count(point.inFlight)}`,
    `p50 ${duration(after.p50)}, p99 ${duration(after.p99)}, p99.9 ${duration(after.p999)}`,
    `${count(point.connections)} connections`,
    `${point.errors} errors`,
  ].join(' · ')
}

/** The same on several lines, with a bar for the time. */
export function panel(point: TimelinePoint, scenario: Scenario): string[] {
  const { deliveredAfter: after } = point
  if (point.at < 0)
    return [
      `signing up  ${bar(point.signUps / scenario.users)} ${count(point.signUps)} of ${count(scenario.users)}`,
    ]
  const part = point.at / scenario.durationSeconds
  const phase = part < 1 ? 'traffic   ' : 'verifying '
  return [
    `${phase}  ${bar(part)} ${point.at.toFixed(0)} of ${scenario.durationSeconds} s`,
    `per second  sent ${count(point.sent)}   acknowledged ${count(point.acknowledged)}   delivered ${count(point.delivered)}`,
    `to the peer p50 ${duration(after.p50)}   p99 ${duration(after.p99)}   p99.9 ${duration(after.p999)}   max ${duration(after.max)}`,
    `now         in flight ${count(point.inFlight)}   connections ${count(point.connections)}`,
    `so far      errors ${count(point.errors)}`,
  ]
}

function bar(part: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * BAR_WIDTH)
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full)
}
