import type { LoadResult, Workload } from '../workload.ts'
import type { LoadLink } from './link.ts'
import { say } from './process-lines.ts'
import { connectLink, type LoadTarget, signUp } from './user.ts'

/** Exchanges and sign-ins under way at once. */
const CONCURRENCY = 16

/** Connects, logs in and keeps still: for memory per connection and the rates of key exchange and sign-in. */
export async function runIdle(
  workload: Extract<Workload, { kind: 'idle' }>,
  target: LoadTarget,
): Promise<LoadResult> {
  say({ mark: 'connected' })
  const cpuBefore = process.cpuUsage()
  const links: LoadLink[] = []
  const exchangeSeconds = await timed(() =>
    each(workload.connections, async (i) => {
      links[i] = await connectLink(target)
    }),
  )
  const signInSeconds = await timed(() =>
    each(workload.connections, async (i) => {
      await signUp(links[i] as LoadLink, `+99966130${String(i).padStart(5, '0')}`, target)
    }),
  )
  say({ mark: 'measuring' })
  await new Promise((resolve) => setTimeout(resolve, workload.settleSeconds * 1000))
  say({ mark: 'measured' })
  const cpu = process.cpuUsage(cpuBefore)
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
