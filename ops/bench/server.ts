import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { request } from 'undici'
import { readStack } from '../stack/endpoints.ts'
import { removeNamespace } from '../stack/namespace.ts'
import { type Endpoints, readEndpoints } from '../start/endpoints.ts'
import { ended, lineOf, readyOrEnded } from './child.ts'

const BINARY = join(import.meta.dirname, '../bin.js')
const LOGIN_CODE = '12345'

/** A server in its own process on a new data directory. */
export interface BenchServer {
  readonly pid: number
  readonly endpoints: Endpoints
  readonly loginCode: string
  publicKeyPem(): Promise<string>
  /** What it has written so far. */
  written(): Promise<Written>
  /** Bytes of V8's heap and buffers in use after a collection; for a server that `collect-on-signal` is preloaded into. */
  bytesInUse(): Promise<number>
  /** Stops, lets `work` have the data directory, and starts again on it. */
  restart(work: (directory: string) => Promise<void>): Promise<BenchServer>
  dispose(): Promise<void>
}

/** What a server has written: files of embedded stores, or what it has sent to servers. */
export interface Written {
  readonly bytes: number
  readonly records?: number
  readonly rows?: number
}

/**
 * @param nodeFlags go to the server's Node, for profiles (`--cpu-prof`)
 * @param servers the file that names Kafka and the others, for a server that works on them and not on embedded stores
 */
export async function startBenchServer(nodeFlags: readonly string[], servers?: string): Promise<BenchServer> {
  const data = await mkdtemp(join(tmpdir(), 'heliograph-bench-'))
  try {
    return await startOn(data, nodeFlags, servers)
  } catch (error) {
    await rm(data, { recursive: true, force: true })
    throw error
  }
}

async function startOn(
  data: string,
  nodeFlags: readonly string[],
  servers: string | undefined,
): Promise<BenchServer> {
  const address = '127.0.0.1:0'
  const namespace = `bench_${randomBytes(6).toString('hex')}`
  const flags = [
    '--data',
    data,
    '--tcp',
    address,
    '--http',
    address,
    '--login-code',
    LOGIN_CODE,
    '--log-level',
    'warn',
    ...(servers === undefined
      ? []
      : ['--servers', servers, '--namespace', namespace, '--metrics', '127.0.0.1:0']),
  ]
  const child = spawn(process.execPath, [...nodeFlags, BINARY, 'start', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout as NodeJS.ReadableStream)
  const metrics = servers === undefined ? undefined : lineOf(lines, /metrics +(http\S+)/)
  await readyOrEnded(child, lines)
  const metricsUrl = (await metrics)?.[1]
  const endpoints = await readEndpoints(data)
  return {
    pid: child.pid as number,
    endpoints,
    loginCode: LOGIN_CODE,
    publicKeyPem: () => readFile(endpoints.rsaPublicKey, 'utf8'),
    written: () => (metricsUrl === undefined ? onDisk(data) : counted(metricsUrl)),
    async bytesInUse() {
      const answer = lineOf(lines, /^in-use (\d+)/)
      child.kill('SIGUSR2')
      return Number((await answer)[1])
    },
    async restart(work) {
      await ended(child)
      await work(data)
      return startOn(data, nodeFlags, servers)
    },
    async dispose() {
      await ended(child)
      if (servers !== undefined) await removeNamespace(await readStack(servers), namespace)
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function onDisk(directory: string): Promise<Written> {
  return { bytes: await bytesIn(directory) }
}

/** From the server's own counters: records and bytes appended, rows applied. */
async function counted(metricsUrl: string): Promise<Written> {
  const { body } = await request(metricsUrl)
  const text = await body.text()
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    )
  return {
    bytes: sum('heliograph_appended_bytes_total'),
    records: sum('heliograph_appended_records_total'),
    rows: sum('heliograph_applied_rows_total'),
  }
}

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true })
  const sizes = await Promise.all(names.map(async (name) => stat(join(directory, name))))
  return sizes.reduce((sum, each) => sum + (each.isFile() ? each.blocks * 512 : 0), 0)
}
