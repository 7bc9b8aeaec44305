import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { fillChannel } from './fill-channel.ts'
import { measureFloor } from './floor/floor.ts'
import type { LatencySummary } from './latency.ts'
import type { LoadOrder } from './load/process.ts'
import type { Usage } from './process-usage.ts'
import { type BenchServer, startBenchServer, type Written } from './server.ts'
import type { LoadLine, LoadMark, LoadResult, Workload } from './workload.ts'

export interface RunResult extends LoadResult {
  /** What this machine takes for the least that a durable messenger can do (paced workload on embedded stores). */
  readonly floor?: LatencySummary
  readonly messagesPerSecond: number
  readonly serverCpuSeconds: number
  /** Server CPU per message, microseconds. */
  readonly serverMicrosPerMessage: number
  readonly loadMicrosPerMessage: number
  readonly dataBytesPerMessage: number
  /** Sent to servers: records of all topics and rows of all tables. */
  readonly recordsPerMessage: number | undefined
  readonly rowsPerMessage: number | undefined
  readonly serverResidentBytes: number
  /** V8's heap and buffers in use, after a collection of garbage at the end as at the start. */
  readonly bytesInUsePerConnection: number
  /** As the server stood, with garbage that V8 had not collected, and without memory that earlier garbage had left free. */
  readonly privateBytesPerConnection: number
  readonly residentBytesPerConnection: number
  /** Server CPU from the first key exchange to the last log-in (idle workload), milliseconds per connection. */
  readonly logInCpuMs: number
}

interface Sample extends Usage {
  readonly written: Written
  readonly bytesInUse: number
}

/** V8 leaves garbage alone while little is allocated, so a collection is asked for before the memory of idle connections is read. */
const COLLECTING = [
  '--expose-gc',
  '--import',
  pathToFileURL(join(import.meta.dirname, 'collect-on-signal.js')).href,
]

/** One workload against a fresh server; server and load are processes of their own. */
export async function runWorkload(
  workload: Workload,
  nodeFlags: readonly string[],
  servers?: string,
): Promise<RunResult> {
  const isIdle = workload.kind === 'idle'
  const floor =
    workload.kind === 'paced' && servers === undefined
      ? await measureFloor(workload.messagesPerSecond, workload.messagesPerSecond * workload.seconds)
      : undefined
  const started = await startBenchServer(isIdle ? [...COLLECTING, ...nodeFlags] : nodeFlags, servers)
  const server = await filled(workload, started)
  try {
    const samples = new Map<LoadMark, Sample>()
    const result = await runLoad(workload, server, async (mark) => {
      samples.set(mark, await sampleOf(server, isIdle && mark !== 'measuring'))
    })
    return { ...summed(result, workload, samples), ...(floor ? { floor } : {}) }
  } finally {
    await server.dispose()
  }
}

/** With the members that a workload wants and that never connect. */
async function filled(workload: Workload, server: BenchServer): Promise<BenchServer> {
  const count = workload.kind === 'group' ? (workload.silentMembers ?? 0) : 0
  if (workload.kind !== 'group' || workload.chat === 'basic' || count === 0) return server
  const { founded } = await runLoad({ kind: 'found', chat: workload.chat }, server, async () => {})
  if (founded === undefined) throw new Error('no channel was founded')
  return server.restart((directory) => fillChannel(directory, founded, count))
}

async function sampleOf(server: BenchServer, collects: boolean): Promise<Sample> {
  const usage = await server.usage()
  const written = await server.written()
  return { ...usage, written, bytesInUse: collects ? await server.bytesInUse() : 0 }
}

async function runLoad(
  workload: Workload,
  server: BenchServer,
  onMark: (mark: LoadMark) => Promise<void>,
): Promise<LoadResult> {
  const [host = '', port = ''] = server.endpoints.tcp.split(':')
  const publicKeyPem = await server.publicKeyPem()
  const order: LoadOrder = {
    workload,
    target: { host, port: Number(port), publicKeyPem, loginCode: server.loginCode },
  }
  const script = join(import.meta.dirname, 'load/process.js')
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let result: LoadResult | undefined
  for await (const text of createInterface(child.stdout)) {
    const line = JSON.parse(text) as LoadLine
    if (line.mark !== undefined) await onMark(line.mark)
    result = line.result ?? result
  }
  if (result === undefined) throw new Error('the load process ended without a result')
  return result
}

function summed(result: LoadResult, workload: Workload, samples: ReadonlyMap<LoadMark, Sample>): RunResult {
  const start = samples.get('connected') as Sample
  const before = samples.get('measuring') as Sample
  const after = samples.get('measured') as Sample
  const serverCpuSeconds = after.cpuSeconds - before.cpuSeconds
  const perMessage = (total: number) => (result.messages === 0 ? 0 : total / result.messages)
  const connections = connectionsOf(workload)
  return {
    ...result,
    messagesPerSecond: result.messages / result.seconds,
    serverCpuSeconds,
    serverMicrosPerMessage: perMessage(serverCpuSeconds * 1e6),
    loadMicrosPerMessage: perMessage(result.cpuSeconds * 1e6),
    dataBytesPerMessage: perMessage(after.written.bytes - before.written.bytes),
    recordsPerMessage: more(before.written.records, after.written.records, perMessage),
    rowsPerMessage: more(before.written.rows, after.written.rows, perMessage),
    serverResidentBytes: after.residentBytes,
    residentBytesPerConnection: (after.residentBytes - start.residentBytes) / connections,
    privateBytesPerConnection: (after.privateBytes - start.privateBytes) / connections,
    bytesInUsePerConnection: (after.bytesInUse - start.bytesInUse) / connections,
    logInCpuMs: ((before.cpuSeconds - start.cpuSeconds) * 1000) / connections,
  }
}

function connectionsOf(workload: Workload): number {
  if (workload.kind === 'idle') return workload.connections
  if (workload.kind === 'found') return 1
  return workload.kind === 'group' ? workload.members : workload.pairs * 2
}

function more(
  before: number | undefined,
  after: number | undefined,
  perMessage: (total: number) => number,
): number | undefined {
  return before === undefined || after === undefined ? undefined : perMessage(after - before)
}
