import type { Histogram } from 'hdr-histogram-js'
import { addPacked, newHistogram, type Percentiles, percentilesOf } from './measure/histogram.ts'
import type { Window } from './measure/interruption.ts'
import type { Sample } from './measure/meter.ts'
import type { Scenario } from './scenario.ts'
import type { ShareResult } from './share.ts'
import { type Found, mergedFindings, totalOf } from './verify/findings.ts'

/** One second of a run, all processes together; rates are counts of that second, latencies milliseconds. */
export interface TimelinePoint {
  /** Seconds since the traffic began; negative while people sign up. */
  readonly at: number
  readonly sent: number
  readonly acknowledged: number
  readonly delivered: number
  readonly signUps: number
  readonly inFlight: number
  readonly connections: number
  readonly reconnects: number
  readonly errors: number
  /** Of files. */
  readonly bytesUp: number
  readonly bytesDown: number
  readonly deliveredAfter: Percentiles
  readonly acknowledgedAfter: Percentiles
}

/** What became of files: latencies in milliseconds. */
export interface FilesResult {
  readonly sent: number
  /** Those of them whose content was one that is sent again and again. */
  readonly repeated: number
  /** Downloaded and compared with what was sent. */
  readonly received: number
  readonly bytesUp: number
  readonly bytesDown: number
  /** From the intended time to the acknowledgement of the message, upload included. */
  readonly sentAfter: Percentiles
  /** From the receiver's update to the last byte. */
  readonly receivedAfter: Percentiles
}

/** What a run did, and what was wrong. */
export interface LoadResult {
  /** True where nothing was wrong, as the scenario understands it. */
  readonly ok: boolean
  /** What was wrong, in lines for a person; empty when `ok`. */
  readonly problems: readonly string[]
  readonly scenario: Scenario
  readonly sent: number
  readonly acknowledged: number
  readonly delivered: number
  readonly unacknowledged: number
  readonly unverified: number
  readonly found: Found
  readonly errors: Readonly<Record<string, number>>
  readonly gaps: number
  readonly silentGaps: number
  readonly repeatedUpdates: number
  readonly reconnects: number
  readonly signUps: number
  readonly files: FilesResult
  /** Acknowledged messages per second while they were sent. */
  readonly messagesPerSecond: number
  /** Milliseconds from the intended time of sending. */
  readonly acknowledgedAfter: Percentiles
  readonly deliveredAfter: Percentiles
  /** How late the load itself was to send. */
  readonly lateness: Percentiles
  /** The longest time, in milliseconds, without any acknowledgement although some were due; and the same per chat. */
  readonly longestInterruptionMs: number
  readonly chatInterruptions: Percentiles
  /** Interruptions of all chats of a process together that lasted half a second or more, from the beginning of the traffic. */
  readonly outages: readonly Window[]
  /** Of the load itself. */
  readonly cpuMicrosPerMessage: number
  readonly peakResidentBytes: number
  readonly timeline: readonly TimelinePoint[]
  /** Points of the distribution of latencies to the peer: `[percentile, milliseconds]`. */
  readonly distribution: readonly (readonly [number, number])[]
}

const DISTRIBUTION_STEPS = [
  0, 10, 25, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 97, 98, 99, 99.5, 99.9, 99.95, 99.99, 99.999, 100,
] as const

/** Histograms of a whole run, filled sample by sample. */
export class Totals {
  readonly acknowledgedAfter = newHistogram()
  readonly deliveredAfter = newHistogram()
  readonly lateness = newHistogram()
  private readonly fileSentAfter = newHistogram()
  private readonly fileReceivedAfter = newHistogram()
  private readonly counts = { sent: 0, repeated: 0, received: 0, bytesUp: 0, bytesDown: 0 }
  readonly errors: Record<string, number> = {}
  reconnects = 0
  signUps = 0

  add(sample: Sample): void {
    addPacked(this.acknowledgedAfter, sample.acknowledgedAfter)
    addPacked(this.deliveredAfter, sample.deliveredAfter)
    addPacked(this.lateness, sample.lateness)
    for (const [kind, count] of Object.entries(sample.errors))
      this.errors[kind] = (this.errors[kind] ?? 0) + count
    this.reconnects += sample.reconnects
    this.signUps += sample.signUps
    this.addFiles(sample)
  }

  get files(): FilesResult {
    const sentAfter = percentilesOf(this.fileSentAfter)
    return { ...this.counts, sentAfter, receivedAfter: percentilesOf(this.fileReceivedAfter) }
  }

  private addFiles(sample: Sample): void {
    addPacked(this.fileSentAfter, sample.fileSentAfter)
    addPacked(this.fileReceivedAfter, sample.fileReceivedAfter)
    this.counts.sent += sample.filesSent
    this.counts.repeated += sample.filesRepeated
    this.counts.received += sample.filesReceived
    this.counts.bytesUp += sample.bytesUp
    this.counts.bytesDown += sample.bytesDown
  }
}

/** Puts the parts of a run together and judges them. */
export function resultOf(
  scenario: Scenario,
  shares: readonly ShareResult[],
  totals: Totals,
  timeline: readonly TimelinePoint[],
): LoadResult {
  const sum = (of: (share: ShareResult) => number) => shares.reduce((total, share) => total + of(share), 0)
  const chats = newHistogram()
  for (const { chatInterruptions } of shares) addPacked(chats, chatInterruptions)
  const acknowledged = sum((share) => share.acknowledged)
  const parts = {
    scenario,
    sent: sum((share) => share.sent),
    acknowledged,
    delivered: sum((share) => share.delivered),
    unacknowledged: sum((share) => share.unacknowledged),
    unverified: sum((share) => share.unverified),
    found: mergedFindings(shares.map(({ found }) => found)),
    errors: totals.errors,
    gaps: sum((share) => share.gaps),
    silentGaps: sum((share) => share.silentGaps),
    repeatedUpdates: sum((share) => share.repeatedUpdates),
    reconnects: totals.reconnects,
    signUps: totals.signUps,
    files: totals.files,
    messagesPerSecond: acknowledged / scenario.durationSeconds,
    acknowledgedAfter: percentilesOf(totals.acknowledgedAfter),
    deliveredAfter: percentilesOf(totals.deliveredAfter),
    lateness: percentilesOf(totals.lateness),
    longestInterruptionMs: Math.max(0, ...shares.map((share) => share.longestInterruptionMs)),
    chatInterruptions: percentilesOf(chats),
    outages: shares.flatMap(({ outages }) => outages).sort((a, b) => a.fromMs - b.fromMs),
    cpuMicrosPerMessage: acknowledged === 0 ? 0 : (sum((share) => share.cpuSeconds) * 1e6) / acknowledged,
    peakResidentBytes: sum((share) => share.peakResidentBytes),
    timeline,
    distribution: distributionOf(totals.deliveredAfter),
  }
  const problems = problemsOf(parts)
  return { ok: problems.length === 0, problems, ...parts }
}

/** In lines for a person: whatever makes a run fail. */
export function problemsOf(result: Omit<LoadResult, 'ok' | 'problems'>): string[] {
  const { found, scenario } = result
  const problems = Object.entries(found.counts).flatMap(([kind, count]) =>
    count > 0 ? [`${count} × ${kind}`] : [],
  )
  if (totalOf(found.counts) > 0) problems.push(...found.examples.map((example) => `  ${example}`))
  if (result.unverified > 0) problems.push(`${result.unverified} histories or differences could not be read`)
  if (result.acknowledged === 0) problems.push('no message was acknowledged')
  if (scenario.faultsExpected) return problems
  if (result.unacknowledged > 0) problems.push(`${result.unacknowledged} messages were never acknowledged`)
  for (const [kind, count] of Object.entries(result.errors)) problems.push(`${count} × error: ${kind}`)
  return problems
}

function distributionOf(histogram: Histogram): [number, number][] {
  if (histogram.totalCount === 0) return []
  return DISTRIBUTION_STEPS.map((percent) => [percent, histogram.getValueAtPercentile(percent) / 1000])
}
