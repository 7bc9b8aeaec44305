import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStack } from '../stack/endpoints.ts'
import { removeNamespace } from '../stack/namespace.ts'
import { type Endpoints, readEndpoints } from '../start/endpoints.ts'
import type { Usage } from './process-usage.ts'
import { type Counted, type ServerProcess, startProcess } from './server-process.ts'

const LOGIN_CODE = '12345'
const FREE_PORT = '127.0.0.1:0'

/** A messenger of its own on new data: one process on embedded stores, a gateway and an actors process on servers. */
export interface BenchServer {
  readonly endpoints: Endpoints
  readonly loginCode: string
  publicKeyPem(): Promise<string>
  /** Of all its processes. */
  usage(): Promise<Usage>
  /** What it has written so far. */
  written(): Promise<Written>
  /** Bytes of V8's heap and buffers in use after a collection; for a server that `collect-on-signal` is preloaded into. */
  bytesInUse(): Promise<number>
  /** Stops, lets `work` have the data directory, and starts again on it. */
  restart(work: (directory: string) => Promise<void>): Promise<BenchServer>
  dispose(): Promise<void>
}

/** What a server has written: files of embedded stores, or what it has sent to servers. */
export type Written = Pick<Counted, 'bytes'> & Partial<Counted>

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
  const namespace = `bench_${randomBytes(6).toString('hex')}`
  const processes: ServerProcess[] = []
  const endAll = () => Promise.all(processes.map((each) => each.end()))
  try {
    for (const role of rolesOn(data, namespace, servers)) processes.push(await startProcess(nodeFlags, role))
    const endpoints = await readEndpoints(data)
    return {
      endpoints,
      loginCode: LOGIN_CODE,
      publicKeyPem: () => readFile(endpoints.rsaPublicKey, 'utf8'),
      usage: async () => summed(await Promise.all(processes.map((each) => each.usage()))),
      written: () => (servers === undefined ? onDisk(data) : counted(processes)),
      async bytesInUse() {
        const each = await Promise.all(processes.map((one) => one.bytesInUse()))
        return each.reduce((sum, bytes) => sum + bytes, 0)
      },
      async restart(work) {
        await endAll()
        await work(data)
        return startOn(data, nodeFlags, servers)
      },
      async dispose() {
        await endAll()
        if (servers !== undefined) await removeNamespace(await readStack(servers), namespace)
        await rm(data, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await endAll()
    throw error
  }
}

/** Commands of `heliograph`, in the order in which they are started. */
function rolesOn(data: string, namespace: string, servers: string | undefined): readonly string[][] {
  const common = ['--data', data, '--log-level', 'warn']
  const sockets = ['--tcp', FREE_PORT, '--http', FREE_PORT, '--login-code', LOGIN_CODE]
  if (servers === undefined) return [['start', ...common, ...sockets]]
  const stores = ['--servers', servers, '--namespace', namespace, '--metrics', FREE_PORT]
  return [
    ['actors', ...common, ...stores],
    ['gateway', ...common, ...stores, ...sockets],
  ]
}

function summed(usages: readonly Usage[]): Usage {
  const sum = (of: (usage: Usage) => number) => usages.reduce((total, each) => total + of(each), 0)
  return {
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    residentBytes: sum(({ residentBytes }) => residentBytes),
    privateBytes: sum(({ privateBytes }) => privateBytes),
  }
}

async function counted(processes: readonly ServerProcess[]): Promise<Written> {
  const each = await Promise.all(processes.map((one) => one.counted()))
  const sum = (of: (counted: Counted) => number) => each.reduce((total, one) => total + of(one), 0)
  return {
    bytes: sum(({ bytes }) => bytes),
    records: sum((one) => one.records),
    rows: sum((one) => one.rows),
  }
}

async function onDisk(directory: string): Promise<Written> {
  const names = await readdir(directory, { recursive: true })
  const sizes = await Promise.all(names.map(async (name) => stat(join(directory, name))))
  return { bytes: sizes.reduce((sum, each) => sum + (each.isFile() ? each.blocks * 512 : 0), 0) }
}
