import { Latencies } from '../latency.ts'
import { type LoadResult, WARM_UP_SECONDS, type Workload } from '../workload.ts'
import { drive } from './drive.ts'
import { runFound } from './found.ts'
import { runGroup } from './group.ts'
import { historyCount } from './history.ts'
import { runIdle } from './idle.ts'
import { Pair } from './pair.ts'
import { say } from './process-lines.ts'
import { befriend, connectLink, type LoadTarget, signUp } from './user.ts'

const DRAIN_TIMEOUT_MS = 30_000
const WARM_UP_IN_FLIGHT = 10
/** After the warm-up, before the measured time begins. */
const SETTLE_MS = 1_000

export interface LoadOrder {
  readonly workload: Workload
  readonly target: LoadTarget
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function connectPairs(count: number, target: LoadTarget): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let i = 0; i < count; i++) {
    const sender = await signUp(await connectLink(target), `+99966110${String(i).padStart(4, '0')}`, target)
    const receiver = await signUp(await connectLink(target), `+99966120${String(i).padStart(4, '0')}`, target)
    const back = await befriend(receiver, sender)
    pairs.push(new Pair(sender, receiver, await befriend(sender, receiver), back.accessHash))
  }
  return pairs
}

async function runPairs(
  workload: Exclude<Workload, { kind: 'idle' | 'group' | 'found' }>,
  target: LoadTarget,
): Promise<LoadResult> {
  const pairs = await connectPairs(workload.pairs, target)
  say({ mark: 'connected' })
  await warmUp(pairs)
  const stop = drive(workload, pairs)
  await pause(SETTLE_MS)
  const acknowledged = new Latencies()
  const delivered = new Latencies()
  for (const pair of pairs)
    Object.assign(pair, { acknowledgedAfter: acknowledged, deliveredAfter: delivered })
  say({ mark: 'measuring' })
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  await pause(workload.seconds * 1000)
  const seconds = (performance.now() - started) / 1000
  const cpu = process.cpuUsage(cpuBefore)
  const messages = delivered.count
  const result = { acknowledged: acknowledged.summary(), delivered: delivered.summary() }
  say({ mark: 'measured' })
  stop()
  await drain(pairs)
  return {
    ...result,
    messages,
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    sentInAll: pairs.reduce((sum, pair) => sum + pair.sent, 0),
    foundInHistory: await historyCount(pairs),
    keyExchangesPerSecond: undefined,
    signInsPerSecond: undefined,
  }
}

/** Full load for a while, so that what is measured is a server that has been running, its code compiled. */
async function warmUp(pairs: readonly Pair[]): Promise<void> {
  const stop = drive(
    { kind: 'in-flight', pairs: pairs.length, inFlight: WARM_UP_IN_FLIGHT, seconds: 0 },
    pairs,
  )
  await pause(WARM_UP_SECONDS * 1000)
  stop()
  await drain(pairs)
}

/** Waits until everything sent was acknowledged and delivered. */
async function drain(pairs: readonly Pair[]): Promise<void> {
  const deadline = performance.now() + DRAIN_TIMEOUT_MS
  const done = (pair: Pair) => pair.acknowledged === pair.sent && pair.delivered === pair.sent
  while (!pairs.every(done)) {
    if (performance.now() > deadline)
      throw new Error('messages were lost: sent, but never acknowledged or delivered')
    await pause(5)
  }
}

function run(): Promise<LoadResult> {
  if (workload.kind === 'idle') return runIdle(workload, target)
  if (workload.kind === 'found') return runFound(workload, target)
  return workload.kind === 'group' ? runGroup(workload, target) : runPairs(workload, target)
}

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder
const { workload, target } = order
say({ result: await run() })
process.exit(0)
