import { Redis } from 'ioredis'
import { debianProgram } from '../install/debian.ts'
import { LOOPBACK, type Ports, portOf } from '../ports.ts'
import { CHECK_MS, type ServerSpec } from '../spec.ts'

export const redis: ServerSpec = {
  name: 'redis',
  readyMs: 15_000,
  stopMs: 10_000,
  wantedPorts: { client: 6379 },

  install: (_cache, report) => debianProgram('redis-server', 'redis-server', report),

  // The append-only file is written before the answer, so that what was acknowledged outlives a killed process.
  prepare: async ({ dir, home, ports }) => ({
    command: home,
    args: [
      ...['--bind', LOOPBACK, '--port', String(portOf(ports, 'client'))],
      // Only loopback is bound; whoever reaches it from a network namespace of this machine is let in.
      ...['--protected-mode', 'no'],
      ...['--save', '', '--appendonly', 'yes', '--dir', dir],
    ],
    cwd: dir,
  }),

  endpoint: (ports) => `redis://${LOOPBACK}:${portOf(ports, 'client')}`,
  check: ping,
}

async function ping(ports: Ports): Promise<void> {
  const client = new Redis({
    host: LOOPBACK,
    port: portOf(ports, 'client'),
    lazyConnect: true,
    connectTimeout: CHECK_MS,
    commandTimeout: CHECK_MS,
    retryStrategy: () => null,
  })
  // What goes wrong comes back from the calls; an event without a listener would be an error of its own.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.ping()
  } finally {
    client.disconnect()
  }
}
