import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { lineOf, readyOrEnded } from '../child.ts'
import { Latencies, type LatencySummary } from '../latency.ts'

/** What one message of W0 leaves in the journal, about. */
const WRITTEN_BYTES = 2_500
/** What one message of W0 is on the wire, about. */
const SENT_BYTES = 250
const MICROSECONDS = 1_000

/**
 * What this machine takes for the least that a durable messenger can do: one process sends bytes to another, which makes as many durable as the
 * server does for a message and sends them on. As far apart as the messages of W0, for after a pause everything takes longer.
 */
export async function measureFloor(perSecond: number, messages: number): Promise<LatencySummary> {
  const directory = await mkdtemp(join(tmpdir(), 'heliograph-floor-'))
  const script = join(import.meta.dirname, 'forwarder.js')
  const child = spawn(process.execPath, [script, join(directory, 'file'), String(WRITTEN_BYTES)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  try {
    const lines = createInterface(child.stdout)
    const [[, port]] = await Promise.all([lineOf(lines, /^ready (\d+)/), readyOrEnded(child, lines)])
    const [sender, receiver] = await Promise.all([connected(Number(port)), connected(Number(port))])
    void exited.then(() => receiver.destroy(new Error('the forwarder ended early')))
    return await exchanged(sender, receiver, perSecond, messages)
  } finally {
    child.stdin.end()
    await exited
    await rm(directory, { recursive: true })
  }
}

async function connected(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}

async function exchanged(
  sender: Socket,
  receiver: Socket,
  perSecond: number,
  messages: number,
): Promise<LatencySummary> {
  const latencies = new Latencies()
  for (let sent = 0; sent < messages; sent++) {
    await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond))
    const sentAt = performance.now()
    sender.write(Buffer.alloc(SENT_BYTES, sent))
    await once(receiver, 'data')
    latencies.add((performance.now() - sentAt) * MICROSECONDS)
  }
  for (const socket of [sender, receiver]) socket.destroy()
  return latencies.summary() as LatencySummary
}
