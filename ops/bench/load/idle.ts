import type { LoadResult, Workload } from '../workload.ts'
import type { LoadLink } from './link.ts'
import { say } from './process-lines.ts'
import { connectLink, type LoadTarget, signUp } from './user.ts'

/** Exchanges and sign-ins under way at once. */
const CONCURRENCY = 16
/** In which the bench has the server collect its garbage and reads its memory. */
const READING_MS = 2_000

/** Connects, logs in and keeps still: for memory per connection and the rates of key exchange and sign-in. */
export async function runIdle(
  workload: Extract<Workload, { kind: 'idle' }>,
  target: LoadTarget,
): Promise<LoadResult> {
  await connectAll(0, workload.warmUpConnections, target)
  await pause(workload.settleSeconds * 1000)
  say({ mark: 'connected' })
  await pause(READING_MS)
  const cpuBefore = process.cpuUsage()
  const taken = await connectAll(workload.warmUpConnections, workload.connections, target)
  const { exchangeSeconds, signInSeconds } = taken
  const cpu = process.cpuUsage(cpuBefore)
  say({ mark: 'measuring' })
  await pause(workload.settleSeconds * 1000)
  say({ mark: 'measured' })
  await pause(READING_MS)
  return {
    messages: 0,
    seconds: exchangeSeconds + signInSeconds,
    acknowledged: undefined,
    delivered: undefined,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    sentInAll: 0,
    foundInHistory: 0,
    keyExchangesPerSecond: workload.connections / exchangeSeconds,
    signInsPerSecond: workload.connections / signInSeconds,
  }
}

/** Key exchanges of all, then sign-ups of all. */
async function connectAll(
  first: number,
  count: number,
  target: LoadTarget,
): Promise<{ readonly exchangeSeconds: number; readonly signInSeconds: number }> {
  const links: LoadLink[] = []
  const exchangeSeconds = await timed(() =>
    each(count, async (i) => {
      links[i] = await connectLink(target)
    }),
  )
  const phone = (i: number) => `+99966130${String(first + i).padStart(5, '0')}`
  const signInSeconds = await timed(() =>
    each(count, async (i) => {
      await signUp(links[i] as LoadLink, phone(i), target)
    }),
  )
  return { exchangeSeconds, signInSeconds }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

async function each(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
}
