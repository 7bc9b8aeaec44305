import { setTimeout as pause } from 'node:timers/promises'
import type { LoadResult } from '../load/result.ts'
import { runLoad } from '../load/run-load.ts'
import { parseScenario, type Scenario } from '../load/scenario.ts'
import type { Cluster } from './cluster.ts'
import type { Fault } from './fault.ts'
import { type Stall, Watch } from './watch.ts'

/** Small, since servers, roles and load share two cores; all chats alike, so that each stall is seen. */
const USERS = 20
const CHATS_PER_USER = 6
const MESSAGES_PER_SECOND = 72
/** A trial ends when its faults are over; this only bounds it. */
const MAX_SECONDS = 1_800
const DRAIN_SECONDS = 60
/** Just longer than a gateway waits for an answer. */
const REQUEST_TIMEOUT_SECONDS = 11
/** Traffic before the first fault. */
const QUIET_MS = 2_000
/** All is well when for so long no chat has been waiting for as long as `WAITING_MS`. */
const CALM_MS = 1_500
const WAITING_MS = 1_000
const POLL_MS = 100
/** What is not well again after so long stays broken. */
export const MAX_RECOVERY_MS = 60_000

/** Faults, one after another, under one load. */
export interface Trial {
  readonly name: string
  readonly faults: readonly Fault[]
  /** The longest stall of chats that the victim does not serve; any unless given. */
  readonly maxOtherStallMs?: number
}

/** What one fault did. */
export interface Struck {
  readonly fault: Fault
  /** When, in milliseconds of `performance.now()`. */
  readonly fromMs: number
  /** From the fault until it was put right. */
  readonly awayMs: number
  /** The longest time in which nobody was answered. */
  readonly outageMs: number
  /** From the fault until the last chat that had stood still was answered again. */
  readonly recoveredMs: number
  readonly stalls: readonly Stall[]
  readonly problems: readonly string[]
}

export interface TrialResult {
  readonly struck: readonly Struck[]
  readonly load: LoadResult
  /** In lines for a person; empty where all is as it must be. */
  readonly problems: readonly string[]
}

/** Runs a trial to its last check. Rejects where the load cannot begin, or a fault cannot be made or put right. */
export async function runTrial(
  cluster: Cluster,
  trial: Trial,
  seed: number,
  onStruck: (struck: Struck) => void = () => {},
): Promise<TrialResult> {
  const struck: Struck[] = []
  let failure: unknown
  const load = await runLoad(scenarioOf(seed), cluster.targets, {
    onTraffic: (stage, stop) => {
      strikeAll(cluster, trial, new Watch(stage), (each) => {
        struck.push(each)
        onStruck(each)
      })
        .catch((error: unknown) => {
          failure = error
        })
        .finally(stop)
    },
  })
  if (failure !== undefined) throw failure
  const problems = [...struck.flatMap((each) => each.problems), ...load.problems]
  if (load.unacknowledged > 0) problems.push(`${load.unacknowledged} messages had no answer in the end`)
  return { struck, load, problems }
}

function scenarioOf(seed: number): Scenario {
  return parseScenario({
    ...{ users: USERS, rate: MESSAGES_PER_SECOND, durationSeconds: MAX_SECONDS, seed },
    ...{ faultsExpected: true, drainSeconds: DRAIN_SECONDS, requestTimeoutSeconds: REQUEST_TIMEOUT_SECONDS },
    mix: [{ activity: 'private', zipf: 0, chatsPerUser: CHATS_PER_USER }],
  })
}

async function strikeAll(
  cluster: Cluster,
  trial: Trial,
  watch: Watch,
  onStruck: (struck: Struck) => void,
): Promise<void> {
  await pause(QUIET_MS)
  await untilCalm(watch)
  for (const fault of trial.faults) onStruck(await strike(cluster, fault, watch, trial.maxOtherStallMs))
}

async function strike(
  cluster: Cluster,
  fault: Fault,
  watch: Watch,
  maxOtherStallMs = Number.POSITIVE_INFINITY,
): Promise<Struck> {
  const served = watch.served(fault.victim)
  const fromMs = performance.now()
  await fault.strike()
  await pause(fault.holdMs)
  await fault.mend()
  const awayMs = performance.now() - fromMs
  const isCalm = await untilCalm(watch)
  const stalls = watch.stallsSince(fromMs, served, fault.victim)
  const recoveredMs = Math.max(...stalls.map(({ endMs }) => endMs - fromMs))
  const outageMs = watch.outageSince(fromMs)
  if (fault.victim?.kind === 'gateway') {
    watch.sendHome(served)
    await untilCalm(watch)
  }
  const problems = cluster.takeDeaths()
  if (!isCalm) problems.push(`${fault.name}: chats still stand after ${MAX_RECOVERY_MS / 1000} s`)
  const otherMs = longestMs(stalls.filter(({ isServed }) => !isServed))
  if (otherMs > maxOtherStallMs)
    problems.push(`${fault.name}: a chat of another process stood for ${Math.round(otherMs)} ms`)
  return { fault, fromMs, awayMs, outageMs, recoveredMs, stalls, problems }
}

export function longestMs(stalls: readonly Stall[]): number {
  return stalls.reduce((longest, { ms }) => Math.max(longest, ms), 0)
}

/** False where that does not come. */
async function untilCalm(watch: Watch): Promise<boolean> {
  const startMs = performance.now()
  let calmSinceMs = startMs
  for (;;) {
    await pause(POLL_MS)
    const nowMs = performance.now()
    if (watch.waitingMs(nowMs) >= WAITING_MS) calmSinceMs = nowMs
    if (nowMs - calmSinceMs >= CALM_MS) return true
    if (nowMs - startMs > MAX_RECOVERY_MS) return false
  }
}
