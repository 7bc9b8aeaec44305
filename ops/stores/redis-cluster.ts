import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { choosePorts, LOOPBACK } from '../stack/ports.ts'

const SLOTS = 16_384
const WANTED_PORTS = { a: 7300, b: 7301, busA: 17_300, busB: 17_301 }
const READY_MS = 10_000
const POLL_MS = 50

export interface RunningCluster {
  readonly nodes: readonly string[]
  /** Kills one of the servers and starts it again; what it held is gone. */
  restart(node: number): Promise<void>
  /** Kills the servers and removes their files. */
  stop(): Promise<void>
}

/** Two Redis servers on loopback that share the slots of a cluster; for tests. */
export async function startRedisCluster(): Promise<RunningCluster> {
  const directory = await mkdtemp(join(tmpdir(), 'heliograph-redis-cluster-'))
  const { a, b, busA, busB } = (await choosePorts(WANTED_PORTS)) as Record<string, number>
  const starts = [() => start(directory, a!, busA!), () => start(directory, b!, busB!)]
  const servers = starts.map((begin) => begin())
  const restart = async (node: number) => {
    await killed(servers[node]!)
    servers[node] = starts[node]!()
  }
  const stop = async () => {
    await Promise.all(servers.map(killed))
    await rm(directory, { recursive: true, force: true })
  }
  const clients = [a!, b!].map((port) => new Redis(port, LOOPBACK, { maxRetriesPerRequest: null }))
  for (const client of clients) client.on('error', () => undefined)
  try {
    await joined(clients, b!, busB!)
    return { nodes: [`redis://${LOOPBACK}:${a}`, `redis://${LOOPBACK}:${b}`], restart, stop }
  } catch (error) {
    await stop()
    throw error
  } finally {
    for (const client of clients) client.disconnect()
  }
}

function start(directory: string, port: number, busPort: number): ChildProcess {
  return spawn(
    'redis-server',
    [
      ...['--bind', LOOPBACK, '--port', String(port), '--dir', directory, '--save', ''],
      ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
      ...['--cluster-config-file', `nodes-${port}.conf`],
    ],
    { stdio: 'ignore' },
  )
}

async function joined(clients: readonly Redis[], port: number, busPort: number): Promise<void> {
  const [first, second] = clients as [Redis, Redis]
  await first.call('CLUSTER', 'ADDSLOTSRANGE', 0, SLOTS / 2 - 1)
  await second.call('CLUSTER', 'ADDSLOTSRANGE', SLOTS / 2, SLOTS - 1)
  await first.call('CLUSTER', 'MEET', LOOPBACK, port, busPort)
  const deadline = Date.now() + READY_MS
  for (const client of clients)
    while (!/cluster_state:ok/.test(String(await client.cluster('INFO')))) {
      if (Date.now() > deadline) throw new Error('the Redis cluster does not come up')
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
}

async function killed(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const exited = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGKILL')
  await exited
}
