import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoadTarget } from '../bench/load/user.ts'
import { LOGIN_CODE, ServerProcess } from '../e2e/server.ts'
import { runLoad } from './run-load.ts'
import { parseScenario } from './scenario.ts'

const TEST_TIMEOUT_MS = 240_000
const FAULT_AFTER_MS = 1_500
const EVERYTHING = [
  { activity: 'private', weight: 8 },
  { activity: 'typing', weight: 1 },
  { activity: 'read', weight: 1 },
  { activity: 'group', weight: 1, groups: 2, members: 5 },
  { activity: 'channel', weight: 1, channels: 2, members: 8 },
  { activity: 'media', weight: 0.4, maxBytes: 200_000, repeated: 0.5, contents: 3 },
  { activity: 'sign-up', weight: 0.05 },
  { activity: 'reconnect-storm', everySeconds: 1, share: 0.5 },
  { activity: 'slow-reader', everySeconds: 1, share: 0.2, pauseSeconds: 0.5 },
]

/** A gateway that can die: hands everything on to the real one. */
async function relayTo({ host, port }: LoadTarget): Promise<{ readonly port: number; die(): void }> {
  const sockets = new Set<Socket>()
  const relay = createServer((client) => {
    const server = connect(port, host)
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    client.pipe(server).pipe(client)
  })
  await once(relay.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (relay.address() as AddressInfo).port,
    die() {
      relay.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

describe('load on a server with embedded stores', () => {
  let server: ServerProcess
  let targets: LoadTarget[]
  beforeAll(async () => {
    server = await ServerProcess.start()
    const [host = '', port = ''] = server.endpoints.tcp.split(':')
    const publicKeyPem = await readFile(server.endpoints.rsaPublicKey, 'utf8')
    targets = [{ host, port: Number(port), publicKeyPem, loginCode: LOGIN_CODE }]
  })
  afterAll(() => server?.dispose())

  it(
    'of all activities, open loop, finds nothing wrong',
    async () => {
      const scenario = parseScenario({
        users: 20,
        rate: 300,
        durationSeconds: 4,
        rampSeconds: 1,
        mix: EVERYTHING,
      })
      const result = await runLoad(scenario, targets)
      expect(result.problems).toEqual([])
      expect(result.ok).toBe(true)
      expect(result.sent).toBeGreaterThan(700)
      expect(result.acknowledged).toBe(result.sent)
      expect(result.delivered).toBe(result.sent)
      expect(result.deliveredAfter.count).toBeGreaterThan(result.sent / 2)
      // One storm, of half the people, if the machine stops for all the others.
      expect(result.reconnects).toBeGreaterThanOrEqual(10)
      expect(result.signUps).toBeGreaterThan(20)
      const { files } = result
      expect(files.sent).toBeGreaterThan(20)
      expect(files.received).toBe(files.sent)
      expect(files.repeated).toBeGreaterThan(files.sent / 4)
      expect(files.bytesUp).toBeGreaterThan(files.sent * 1024)
      expect(files.bytesDown).toBe(files.bytesUp)
      expect(result.timeline.reduce((sum, { sent }) => sum + sent, 0)).toBe(result.sent)
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'in a closed loop, by two processes, keeps so many messages under way',
    async () => {
      const scenario = parseScenario({ users: 20, inFlight: 16, durationSeconds: 2, processes: 2 })
      const result = await runLoad(scenario, targets)
      expect(result.problems).toEqual([])
      // Many times what is under way at once, however fast the machine is.
      expect(result.acknowledged).toBeGreaterThan(16 * 5)
      const most = Math.max(...result.timeline.map(({ inFlight }) => inFlight))
      expect(most).toBeGreaterThan(0)
      expect(most).toBeLessThanOrEqual(16)
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'moves to another gateway when one dies',
    async () => {
      const [direct] = targets as [LoadTarget]
      const dying = await relayTo(direct)
      const scenario = parseScenario({ users: 20, rate: 200, durationSeconds: 5, faultsExpected: true })
      const result = await runLoad(scenario, [{ ...direct, port: dying.port }, direct], {
        onStarted: () => setTimeout(() => dying.die(), FAULT_AFTER_MS),
      })
      expect(result.problems).toEqual([])
      expect(result.acknowledged).toBe(result.sent)
      expect(result.reconnects).toBe(10)
      expect(result.timeline.at(-1)?.connections).toBe(20)
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'goes on over kill -9 of the server, counts the interruption, and misses nothing',
    async () => {
      const input = { users: 20, rate: 200, durationSeconds: 6, mix: EVERYTHING }
      let faults: Promise<void> | undefined
      const result = await runLoad(parseScenario({ ...input, faultsExpected: true }), targets, {
        onStarted: () => {
          faults = (async () => {
            await new Promise((resolve) => setTimeout(resolve, FAULT_AFTER_MS))
            await server.kill()
            await server.restart()
          })()
        },
      })
      await faults
      expect(result.problems).toEqual([])
      expect(result.acknowledged).toBe(result.sent)
      expect(result.delivered).toBe(result.sent)
      expect(result.files.received).toBe(result.files.sent)
      expect(result.errors).not.toEqual({})
      expect(result.longestInterruptionMs).toBeGreaterThan(100)
      expect(result.chatInterruptions.max).toBeGreaterThanOrEqual(result.longestInterruptionMs * 0.9)
      expect(result.outages.some(({ fromMs, ms }) => fromMs >= 0 && ms > 100)).toBe(true)
    },
    TEST_TIMEOUT_MS,
  )
})
