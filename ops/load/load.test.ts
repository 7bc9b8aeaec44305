import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoadTarget } from '../bench/load/user.ts'
import { LOGIN_CODE, ServerProcess } from '../e2e/server.ts'
import { runLoad } from './run-load.ts'
import { parseScenario } from './scenario.ts'

const TEST_TIMEOUT_MS = 90_000
const EVERYTHING = [
  { activity: 'private', weight: 8 },
  { activity: 'typing', weight: 1 },
  { activity: 'read', weight: 1 },
  { activity: 'sign-up', weight: 0.05 },
  { activity: 'reconnect-storm', everySeconds: 1, share: 0.5 },
  { activity: 'slow-reader', everySeconds: 1, share: 0.2, pauseSeconds: 0.5 },
]

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
      expect(result.reconnects).toBeGreaterThanOrEqual(20)
      expect(result.signUps).toBeGreaterThan(20)
      expect(result.timeline.length).toBeGreaterThanOrEqual(4)
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'in a closed loop, by two processes, keeps so many messages under way',
    async () => {
      const scenario = parseScenario({ users: 20, inFlight: 16, durationSeconds: 2, processes: 2 })
      const result = await runLoad(scenario, targets)
      expect(result.problems).toEqual([])
      expect(result.acknowledged).toBeGreaterThan(500)
      expect(Math.max(...result.timeline.map(({ inFlight }) => inFlight))).toBeLessThanOrEqual(16)
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'goes on over kill -9 of the server, counts the interruption, and misses nothing',
    async () => {
      const input = { users: 20, rate: 200, durationSeconds: 6, mix: EVERYTHING }
      const faults = (async () => {
        await new Promise((resolve) => setTimeout(resolve, 3_000))
        await server.kill()
        await server.restart()
      })()
      const result = await runLoad(parseScenario({ ...input, faultsExpected: true }), targets)
      await faults
      expect(result.problems).toEqual([])
      expect(result.acknowledged).toBe(result.sent)
      expect(result.delivered).toBe(result.sent)
      expect(result.errors).not.toEqual({})
      expect(result.longestInterruptionMs).toBeGreaterThan(100)
      expect(result.chatInterruptions.max).toBeGreaterThanOrEqual(result.longestInterruptionMs * 0.9)
      expect(result.outages.some(({ fromMs, ms }) => fromMs > 0 && ms < 5_000)).toBe(true)
    },
    TEST_TIMEOUT_MS,
  )
})
