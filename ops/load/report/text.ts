import type { Percentiles } from '../measure/histogram.ts'
import type { LoadResult } from '../result.ts'
import { count, duration } from './numbers.ts'

const MIB = 1024 * 1024

/** The result on one page. */
export function textReport(result: LoadResult): string[] {
  const { scenario } = result
  const loop =
    scenario.inFlight === undefined ? `${scenario.rate} messages/s` : `${scenario.inFlight} in flight`
  const mix = scenario.mix.map(({ activity }) => activity).join(', ')
  return [
    '',
    `${result.ok ? 'OK' : 'WRONG'}: ${scenario.users} users, ${loop}, ${scenario.durationSeconds} s, ${scenario.processes} process(es), seed ${scenario.seed}; ${mix}`,
    '',
    `messages       sent ${count(result.sent)}, acknowledged ${count(result.acknowledged)}, delivered ${count(result.delivered)} (${count(result.messagesPerSecond)}/s acknowledged)`,
    latency('to the ack', result.acknowledgedAfter),
    latency('to the peer', result.deliveredAfter),
    latency('load was late', result.lateness),
    ...filesOf(result),
    `interruptions  all chats at most ${duration(result.longestInterruptionMs)}; per chat p50 ${duration(result.chatInterruptions.p50)}, p99 ${duration(result.chatInterruptions.p99)}, max ${duration(result.chatInterruptions.max)}`,
    ...outagesOf(result),
    `connections    ${count(result.signUps)} sign-ups, ${count(result.reconnects)} reconnects`,
    `updates        ${count(result.gaps)} gaps and ${count(result.silentGaps)} lost last updates closed by difference, ${count(result.repeatedUpdates)} said again`,
    `errors         ${errorsOf(result)}`,
    `the load took  ${result.cpuMicrosPerMessage.toFixed(0)} µs CPU per message, ${count(result.peakResidentBytes / MIB)} MiB`,
    '',
    ...verdict(result),
  ]
}

function latency(name: string, { p50, p90, p99, p999, max }: Percentiles): string {
  const values = [p50, p90, p99, p999, max].map(duration)
  return `${name.padEnd(14)} p50 ${values[0]}, p90 ${values[1]}, p99 ${values[2]}, p99.9 ${values[3]}, max ${values[4]}`
}

function filesOf({ files, scenario }: LoadResult): string[] {
  if (!scenario.mix.some(({ activity }) => activity === 'media')) return []
  const mib = (bytes: number) => `${count(bytes / MIB)} MiB`
  return [
    `files          sent ${count(files.sent)} (${count(files.repeated)} of contents that repeat), ${mib(files.bytesUp)} up; downloaded and compared ${count(files.received)}, ${mib(files.bytesDown)} down`,
    latency('file up', files.sentAfter),
    latency('file down', files.receivedAfter),
  ]
}

const MAX_OUTAGES = 10

function outagesOf({ outages }: LoadResult): string[] {
  if (outages.length === 0) return []
  const shown = outages
    .slice(0, MAX_OUTAGES)
    .map(({ fromMs, ms }) => `${duration(ms)} at ${duration(fromMs)}`)
  if (outages.length > MAX_OUTAGES) shown.push(`${outages.length - MAX_OUTAGES} more`)
  return [`outages        ${shown.join(', ')}`]
}

function errorsOf({ errors }: LoadResult): string {
  const kinds = Object.entries(errors).sort(([, a], [, b]) => b - a)
  return kinds.length === 0 ? 'none' : kinds.map(([kind, times]) => `${count(times)} × ${kind}`).join(', ')
}

function verdict(result: LoadResult): string[] {
  if (!result.ok) return ['what was wrong:', ...result.problems.map((problem) => `  ${problem}`)]
  const rest =
    result.unacknowledged > 0 ? ` ${count(result.unacknowledged)} were not acknowledged in time.` : ''
  return [
    `Every acknowledged message is in both histories once and in order; updates had no gap, double or stranger.${rest}`,
  ]
}
