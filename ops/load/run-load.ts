import { randomInt } from 'node:crypto'
import type { LoadTarget } from '../bench/load/user.ts'
import { runInProcess } from './processes.ts'
import { type LoadResult, resultOf, type TimelinePoint, Totals } from './result.ts'
import type { Scenario } from './scenario.ts'
import { runShare, type ShareEvents, type ShareResult } from './share.ts'
import { Timeline } from './timeline.ts'
import type { Stage } from './traffic/stage.ts'

const MAX_RUN = 100_000

export interface LoadEvents {
  /** Each second, also while people sign up (`at` below 0). */
  onPoint?(point: TimelinePoint): void
  /** Everyone is connected, and the traffic begins. */
  onStarted?(): void
  /** Of a run in this process: its people and chats, and how to end the traffic before its time. */
  onTraffic?(stage: Stage, stop: () => void): void
}

/**
 * Runs a scenario against one or several gateways of one server: in this process, or in as many as the scenario says.
 * Rejects only where the people cannot be signed up or a process fails; what the server does wrong is in the result.
 */
export async function runLoad(
  scenario: Scenario,
  targets: readonly LoadTarget[],
  events: LoadEvents = {},
): Promise<LoadResult> {
  if (targets.length === 0) throw new Error('no server to load')
  const totals = new Totals()
  const timeline = new Timeline(scenario.processes, (point) => events.onPoint?.(point))
  const ready = barrier(scenario.processes, () => {
    timeline.started()
    events.onStarted?.()
  })
  const run = randomInt(MAX_RUN)
  const abort = new AbortController()
  const runOne = scenario.processes === 1 ? runShare : runInProcess
  const share = (process: number): Promise<ShareResult> => {
    const heard: ShareEvents = {
      onReady: ready,
      onTraffic: (stage, stop) => events.onTraffic?.(stage, stop),
      onSample: (sample) => {
        totals.add(sample)
        timeline.add(process, sample)
      },
    }
    return runOne({ scenario, targets, process, run }, heard, abort.signal)
  }
  const all = Promise.all(Array.from({ length: scenario.processes }, (_, process) => share(process)))
  // Where one process fails, the others have nothing to go on for.
  const shares = await all.catch((error: Error) => {
    abort.abort()
    throw error
  })
  timeline.flush()
  return resultOf(scenario, shares, totals, timeline.points)
}

/** Each of `count` callers gets a promise that resolves when all have called. */
function barrier(count: number, onAll: () => void): () => Promise<void> {
  let missing = count
  let open: () => void = () => {}
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    if (--missing === 0) {
      onAll()
      open()
    }
    return all
  }
}
