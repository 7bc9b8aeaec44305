import type { LatencySummary } from './latency.ts'
import type { RunResult } from './run.ts'
import type { Workload } from './workload.ts'

const KIB = 1024

/** The lines of one workload's result, for a person. */
export function report(name: string, title: string, workload: Workload, result: RunResult): string[] {
  const lines = [`${name}  ${title}`]
  if (workload.kind === 'idle') {
    lines.push(
      `    ${fixed(result.keyExchangesPerSecond ?? 0)} key exchanges/s, ${fixed(result.signInsPerSecond ?? 0)} sign-ups/s`,
      `    CPU from first byte to logged in: server ${fixed(result.logInCpuMs, 2)} ms, load ${fixed((result.cpuSeconds * 1000) / workload.connections, 2)} ms`,
      `    server memory per idle connection: ${fixed(result.bytesInUsePerConnection / KIB)} KiB in use (V8's heap and buffers, after a collection)`,
      `    growth of the process as it stood: ${fixed(result.privateBytesPerConnection / KIB)} KiB private, ` +
        `${fixed(result.residentBytesPerConnection / KIB)} KiB with the pages of mapped files`,
      `    (of ${workload.connections} connections more after ${workload.warmUpConnections}, ${workload.settleSeconds} s after the last log-in)`,
    )
    return lines
  }
  const intact = result.foundInHistory === result.sentInAll
  const { deliveries } = result
  if (deliveries !== undefined)
    lines.push(
      `    ${fixed(deliveries / result.seconds, 0)} deliveries/s, ${fixed((result.serverCpuSeconds * 1e6) / deliveries, 2)} µs of server CPU each`,
    )
  lines.push(
    `    ${fixed(result.messagesPerSecond, 0)} messages/s (${result.messages} in ${fixed(result.seconds)} s)`,
    `    acknowledged after ${latency(result.acknowledged)}`,
    `    peer has it after  ${latency(result.delivered)}`,
    ...againstFloor(result),
    `    CPU per message: server ${fixed(result.serverMicrosPerMessage)} µs, load ${fixed(result.loadMicrosPerMessage)} µs ` +
      `(server ${share(result.serverMicrosPerMessage, result.loadMicrosPerMessage)} of both)`,
    `    ${written(result)}, server memory ${fixed(result.serverResidentBytes / KIB / KIB)} MiB`,
    `    history: ${result.foundInHistory} of ${result.sentInAll} sent, in order${intact ? '' : '  ← NOT INTACT'}`,
  )
  return lines
}

function againstFloor({ floor, delivered }: RunResult): string[] {
  if (floor === undefined || delivered === undefined) return []
  const times = fixed(delivered.p50Ms / floor.p50Ms)
  return [
    `    the least here     ${latency(floor)} (two bare processes and one durable write; the p50 above is ${times} times that)`,
  ]
}

function written(result: RunResult): string {
  const { dataBytesPerMessage: bytes, recordsPerMessage: records, rowsPerMessage: rows } = result
  if (records === undefined || rows === undefined)
    return `${fixed(bytes, 0)} bytes per message on disk (log and tables)`
  return `${fixed(records)} records of ${fixed(bytes, 0)} bytes in all and ${fixed(rows)} rows per message`
}

/** How the same workload does on servers and on embedded stores. */
export function ratios(onServers: RunResult, embedded: RunResult): string {
  const rate = onServers.messagesPerSecond / embedded.messagesPerSecond
  const [slow, fast] = [onServers.delivered?.p50Ms ?? 0, embedded.delivered?.p50Ms ?? 0]
  const cpu = onServers.serverMicrosPerMessage / embedded.serverMicrosPerMessage
  return `    on servers to embedded: ${fixed(rate, 2)} of the rate, ${fixed(slow / fast, 2)} times the p50 to the peer, ${fixed(cpu, 2)} times the CPU of our process`
}

function latency(summary: LatencySummary | undefined): string {
  if (summary === undefined) return 'nothing measured'
  return `p50 ${fixed(summary.p50Ms, 2)} ms, p99 ${fixed(summary.p99Ms, 2)} ms, max ${fixed(summary.maxMs, 2)} ms`
}

const fixed = (value: number, digits = 1) => value.toFixed(digits)
const share = (a: number, b: number) => `${((100 * a) / (a + b)).toFixed(0)} %`
