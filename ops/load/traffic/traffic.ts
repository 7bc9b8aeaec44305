import type { Activity, WeightedActivity } from '../activities/activity.ts'
import { prepareActivity } from '../activities/registry.ts'
import type { ActivitySettings } from '../activities/settings.ts'
import { Arrivals } from '../pace/arrivals.ts'
import { weightedPicker } from '../pace/weighted.ts'
import type { Scenario } from '../scenario.ts'
import type { Stage } from './stage.ts'

const TICK_MS = 1
/** Occurrences in one tick, before answers are read again. */
const MAX_PER_TICK = 2_000

/** Traffic that runs. */
export interface Traffic {
  /** Resolves when nothing new will happen. */
  readonly ended: Promise<void>
  /** To be called when a message was acknowledged and delivered: the closed loop sends the next. */
  settled(): void
  /** Begins nothing more. */
  stop(): void
}

/** Begins the scenario's activities; `share` is this process's part of rate and messages in flight. */
export function startTraffic(stage: Stage, scenario: Scenario, share: number): Traffic {
  const activities = scenario.mix.map((settings) => ({
    settings,
    activity: prepareActivity(stage, settings),
  }))
  const timers = activities.flatMap(({ activity }) =>
    activity.kind === 'periodic' ? [periodic(activity)] : [],
  )
  const weighted = activities.flatMap(({ settings, activity }) =>
    activity.kind === 'weighted' ? [{ activity, weight: weightOf(settings), name: settings.activity }] : [],
  )
  const stop = () => {
    for (const timer of timers) clearInterval(timer)
  }
  const traffic = scenario.inFlight === undefined ? openLoop : closedLoop
  const { ended, settled, stop: endNow } = traffic(stage, scenario, share, weighted)
  return { ended: ended.then(stop), settled, stop: endNow }
}

interface Weighted {
  readonly activity: WeightedActivity
  readonly weight: number
  readonly name: string
}

function periodic({ everySeconds, occur }: Extract<Activity, { kind: 'periodic' }>): NodeJS.Timeout {
  return setInterval(occur, everySeconds * 1000)
}

const weightOf = (settings: ActivitySettings): number => ('weight' in settings ? settings.weight : 0)

/** Everything by one schedule: messages at the scenario's rate, the rest as often as its weight says. */
function openLoop(stage: Stage, scenario: Scenario, share: number, weighted: readonly Weighted[]): Traffic {
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0)
  const ofMessages = weighted.find(({ name }) => name === 'private')?.weight ?? 1
  const perSecond = (scenario.rate * share * total) / ofMessages
  const { rampSeconds, durationSeconds, arrivals: process } = scenario
  const arrivals = new Arrivals({ perSecond, rampSeconds, durationSeconds, process }, stage.random)
  const pick = weightedPicker(
    weighted.map(({ weight }) => weight),
    stage.random,
  )
  const started = performance.now()
  let isStopped = false
  const ended = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      for (let count = 0; count < MAX_PER_TICK; count++) {
        const dueMs = arrivals.take(performance.now() - started)
        if (dueMs === undefined) break
        ;(weighted[pick()] as Weighted).activity.occur(started + dueMs)
      }
      if (!arrivals.ended && !isStopped) return
      clearInterval(timer)
      resolve()
    }, TICK_MS)
  })
  const stop = () => {
    isStopped = true
  }
  return { ended, settled: () => {}, stop }
}

/** A new occurrence for each message that is done; what is no message comes along by its weight. */
function closedLoop(stage: Stage, scenario: Scenario, share: number, weighted: readonly Weighted[]): Traffic {
  const pick = weightedPicker(
    weighted.map(({ weight }) => weight),
    stage.random,
  )
  let endMs = performance.now() + scenario.durationSeconds * 1000
  const next = () => {
    for (;;) {
      const { activity, name } = weighted[pick()] as Weighted
      activity.occur(performance.now())
      if (name === 'private') return
    }
  }
  const wanted = Math.max(1, Math.round((scenario.inFlight ?? 1) * share))
  const stepMs = (scenario.rampSeconds * 1000) / wanted
  for (let i = 0; i < wanted; i++) setTimeout(next, i * stepMs)
  let stop = () => {}
  const ended = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, scenario.durationSeconds * 1000)
    stop = () => {
      clearTimeout(timer)
      endMs = 0
      resolve()
    }
  })
  const settled = () => (performance.now() < endMs ? void setImmediate(next) : undefined)
  return { ended, settled, stop: () => stop() }
}
