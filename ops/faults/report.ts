import { longestMs, type Struck, type TrialResult } from './trial.ts'
import type { Stall } from './watch.ts'

const NAME_WIDTH = 40

/** One fault in one line. */
export function struckLine({
  fault,
  awayMs,
  outageMs,
  recoveredMs,
  stalls,
  problems,
  fromMs,
}: Struck): string {
  const [served, others] = [
    stalls.filter(({ isServed }) => isServed),
    stalls.filter(({ isServed }) => !isServed),
  ]
  const parts = [
    `put right after ${seconds(awayMs)}`,
    recoveredMs === 0 ? 'nobody waited' : `all answered after ${seconds(recoveredMs)}`,
    ...(outageMs === 0 ? [] : [`nobody was for ${seconds(outageMs)}`]),
    ...(fault.victim === undefined
      ? [`longest stall ${spread(stalls, fromMs)}`]
      : [
          `longest stall of its ${served.length} chats ${spread(served, fromMs)}, of ${others.length} others ${spread(others, fromMs)}`,
        ]),
  ]
  return `  ${problems.length === 0 ? 'ok   ' : 'WRONG'} ${fault.name.padEnd(NAME_WIDTH)} ${parts.join('; ')}`
}

/** What the load of a trial says in the end. */
export function verdictLines({ load, problems, struck }: TrialResult): string[] {
  const errors = Object.entries(load.errors).map(([kind, times]) => `${times} × ${kind}`)
  const lines = [
    `  ${load.acknowledged} messages acknowledged, ${load.delivered} delivered; errors that were repeated: ${errors.join(', ') || 'none'}`,
  ]
  if (struck.length > 1) lines.push(...distribution(struck))
  if (problems.length === 0)
    lines.push('  all that was acknowledged is there once and in order, pts without a gap')
  return [...lines, ...problems.map((problem) => `  WRONG: ${problem}`)]
}

function distribution(struck: readonly Struck[]): string[] {
  const ofRoles = struck.filter(({ fault }) => fault.victim !== undefined)
  const worst = (isServed: boolean) =>
    ofRoles.map(({ stalls }) => longestMs(stalls.filter((stall) => stall.isServed === isServed)))
  return [
    `  longest stalls, fault by fault: of chats that the victim served ${quantiles(worst(true))}`,
    `                                  of the others                   ${quantiles(worst(false))}`,
  ]
}

function quantiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => seconds(sorted[Math.ceil(share * sorted.length) - 1] ?? 0)
  return `p50 ${at(0.5)}, p90 ${at(0.9)}, max ${at(1)}`
}

/** The longest with its beginning, from the fault on, and the one in the middle. */
function spread(stalls: readonly Stall[], fromMs: number): string {
  const longest = longestMs(stalls)
  if (longest === 0) return 'none'
  const sorted = stalls.map(({ ms }) => ms).sort((a, b) => a - b)
  const begin = seconds((stalls.find(({ ms }) => ms === longest)?.sinceMs ?? fromMs) - fromMs)
  return `${seconds(longest)} at ${begin} (median ${seconds(sorted[Math.floor(sorted.length / 2)] ?? 0)})`
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
