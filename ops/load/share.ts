import type { LoadTarget } from '../bench/load/user.ts'
import type { LoadClient } from './client/client.ts'
import { newHistogram, packed, record } from './measure/histogram.ts'
import type { Window } from './measure/interruption.ts'
import { Meter, type Sample } from './measure/meter.ts'
import { seededRandom } from './pace/random.ts'
import type { Scenario } from './scenario.ts'
import { Phones } from './traffic/phones.ts'
import { setStage } from './traffic/set-stage.ts'
import type { Stage } from './traffic/stage.ts'
import { startTraffic, type Traffic } from './traffic/traffic.ts'
import { Findings, type Found } from './verify/findings.ts'
import { verifyHistories } from './verify/read-histories.ts'
import type { Side } from './verify/stream.ts'

const SAMPLE_MS = 1_000
const SWEEP_MS = 1_000
/** Streams are looked through for what does not come at every so many sweeps. */
const SWEEPS_PER_STREAM_SWEEP = 2
const POLL_MS = 20

/** What one process of a run is told. */
export interface ShareOrder {
  readonly scenario: Scenario
  readonly targets: readonly LoadTarget[]
  /** This process's number, from 0. */
  readonly process: number
  /** Drawn anew for each run, so that its telephone numbers are its own. */
  readonly run: number
}

/** What one process has to say at the end. */
export interface ShareResult {
  readonly sent: number
  readonly acknowledged: number
  readonly delivered: number
  /** Sent and never acknowledged nor refused. */
  readonly unacknowledged: number
  readonly found: Found
  /** Chats whose histories, and users whose differences, could not be read in the end. */
  readonly unverified: number
  readonly gaps: number
  readonly silentGaps: number
  readonly repeatedUpdates: number
  readonly longestInterruptionMs: number
  /** Interruptions of all its chats together, in milliseconds from the beginning of the traffic. */
  readonly outages: readonly Window[]
  /** The longest of each chat, microseconds, packed. */
  readonly chatInterruptions: string | undefined
  /** Seconds of this process's CPU while there was traffic. */
  readonly cpuSeconds: number
  readonly peakResidentBytes: number
}

export interface ShareEvents {
  onSample(sample: Sample): void
  /** Everyone is connected; traffic begins when what this gives resolves. */
  onReady(): Promise<void>
  /** The people and chats of this process, where it is the caller's own, and how to end its traffic before its time. */
  onTraffic?(stage: Stage, stop: () => void): void
}

/** Runs one process's part of a scenario, to the last check. */
export async function runShare(order: ShareOrder, events: ShareEvents): Promise<ShareResult> {
  const { scenario, process: number, run } = order
  const meter = new Meter()
  const findings = new Findings()
  let traffic: Traffic | undefined
  const sampling = setInterval(() => events.onSample(meter.take()), SAMPLE_MS)
  const settings = scenario.mix.find((each) => each.activity === 'private')
  if (settings?.activity !== 'private') throw new Error('a scenario has messages')
  let stage: Stage | undefined
  let sweeping: NodeJS.Timeout | undefined
  try {
    stage = await setStage({
      users: partOf(scenario.users, number, scenario.processes),
      settings,
      targets: order.targets,
      requestTimeoutMs: scenario.requestTimeoutSeconds * 1000,
      meter,
      findings,
      random: seededRandom(scenario.seed + number),
      phones: new Phones(run + number * 100),
      onSettled: () => traffic?.settled(),
    })
    sweeping = startSweeping(stage)
    await events.onReady()
    const cpu = process.cpuUsage()
    const startedMs = performance.now()
    traffic = startTraffic(stage, scenario, 1 / scenario.processes)
    events.onTraffic?.(stage, traffic.stop)
    await traffic.ended
    await drained(stage, scenario.drainSeconds * 1000)
    const used = process.cpuUsage(cpu)
    const result = await finish(stage, scenario, findings, startedMs)
    events.onSample(meter.take())
    return { ...result, cpuSeconds: (used.user + used.system) / 1e6 }
  } finally {
    clearInterval(sampling)
    clearInterval(sweeping)
    stage?.files.stop()
    for (const { connection } of stage?.clients ?? []) connection.close()
  }
}

/** Of so many, this process's: as even as can be. */
function partOf(users: number, number: number, processes: number): number {
  return Math.floor((users * (number + 1)) / processes) - Math.floor((users * number) / processes)
}

function startSweeping({ clients, streams }: Stage): NodeJS.Timeout {
  let sweeps = 0
  return setInterval(() => {
    const nowMs = performance.now()
    for (const client of clients) client.sweep(nowMs)
    if (++sweeps % SWEEPS_PER_STREAM_SWEEP === 0) for (const stream of streams) stream.sweep()
  }, SWEEP_MS)
}

/** Waits until everything was acknowledged and delivered, files downloaded, or so long. */
async function drained({ streams, meter, files }: Stage, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs
  const isDone = () =>
    meter.inFlight === 0 &&
    files.isIdle &&
    streams.every(({ ledger }) => ledger.receivedCount >= ledger.acknowledgedCount)
  while (!isDone() && performance.now() < deadline) await pause(POLL_MS)
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

async function finish(
  stage: Stage,
  scenario: Scenario,
  findings: Findings,
  startedMs: number,
): Promise<Omit<ShareResult, 'cpuSeconds'>> {
  const { clients, chats, streams, meter, files } = stage
  for (const { sender } of clients) sender.stop()
  const behind = await catchUpAll(clients, scenario.drainSeconds * 1000)
  await filesFetched(files, scenario.drainSeconds * 1000)
  const isWhole = (client: LoadClient) => !client.mailbox.hasSkipped && !behind.has(client)
  for (const stream of streams) {
    const { ledger, sender, receiver } = stream
    stream.checkFiles()
    const sides: Side[] = []
    if (isWhole(sender)) sides.push('sender')
    if (isWhole(receiver)) sides.push('receiver')
    ledger.checkTold(sides)
  }
  const unverified = behind.size + (await verifyHistories(chats, findings))
  const nowMs = performance.now()
  const ofChats = newHistogram()
  for (const { interruption } of chats) {
    if (interruption.isWaiting) interruption.note(nowMs)
    record(ofChats, interruption.longestMs * 1000)
  }
  if (meter.service.isWaiting) meter.service.note(nowMs)
  const sum = (of: (ledger: Stage['streams'][number]['ledger']) => number) =>
    streams.reduce((total, { ledger }) => total + of(ledger), 0)
  return {
    sent: sum(({ count }) => count),
    acknowledged: sum(({ acknowledgedCount }) => acknowledgedCount),
    delivered: sum(({ receivedCount }) => receivedCount),
    unacknowledged: meter.inFlight,
    found: { counts: findings.counts, examples: findings.examples },
    unverified,
    gaps: meter.gaps,
    silentGaps: meter.silentGaps,
    repeatedUpdates: clients.reduce((total, { mailbox }) => total + mailbox.repeats, 0),
    longestInterruptionMs: meter.service.longestMs,
    outages: meter.service.windows.map(({ fromMs, ms }) => ({ fromMs: fromMs - startedMs, ms })),
    chatInterruptions: packed(ofChats),
    peakResidentBytes: process.resourceUsage().maxRSS * 1024,
  }
}

/** What the last differences told of is downloaded, in so long. */
async function filesFetched(files: Stage['files'], timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!files.isIdle && performance.now() < deadline) await pause(POLL_MS)
  files.stop()
}

/** The last difference for everyone; gives those who did not get it in so long. */
async function catchUpAll(clients: readonly LoadClient[], timeoutMs: number): Promise<Set<LoadClient>> {
  const deadline = performance.now() + timeoutMs
  const behind = new Set(clients)
  while (behind.size > 0 && performance.now() < deadline) {
    const done = await Promise.all(
      [...behind].map(async (client) => [client, await client.catchUp()] as const),
    )
    for (const [client, isDone] of done) if (isDone) behind.delete(client)
    if (behind.size > 0) await pause(POLL_MS)
  }
  return behind
}
