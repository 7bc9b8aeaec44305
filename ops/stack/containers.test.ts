import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { CONTAINED } from './contained.ts'
import { ServerContainer } from './container.ts'
import { startContainers } from './containers.ts'
import { LOOPBACK } from './ports.ts'

type Answer = readonly [status: number, body: unknown]

/** A daemon that says what a test has it say; what it was asked stays in `asked`. */
const asked: { line: string; body: string }[] = []
let answers: Record<string, Answer>
let daemon: Server
beforeAll(async () => {
  daemon = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const line = `${request.method} ${request.url?.split('?')[0]}`
    asked.push({ line, body: Buffer.concat(chunks).toString() })
    const [status, body] = answers[line] ?? [404, { message: 'No such image' }]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  daemon.listen(0, LOOPBACK)
  await once(daemon, 'listening')
  vi.stubEnv('DOCKER_HOST', `tcp://${LOOPBACK}:${(daemon.address() as AddressInfo).port}`)
})
beforeEach(() => {
  answers = {
    'GET /info': [200, { OperatingSystem: 'test', Runtimes: {} }],
    'GET /containers/json': [200, []],
  }
})
afterAll(() => {
  vi.unstubAllEnvs()
  daemon.closeAllConnections()
  daemon.close()
})

const image = encodeURIComponent(CONTAINED.redis.image)
const newRedis = () => new ServerContainer(CONTAINED.redis, { client: 40123 })

it('says in one line which image Docker cannot have, and how to do without the one that only cleans up', async () => {
  answers['POST /images/create'] = [500, { message: 'Get "https://registry.test/v2/": no such host\n' }]
  const failure = await startContainers().catch((error: Error) => error.message)
  expect(failure).toMatch(
    /^Docker cannot run testcontainers' ryuk \(TESTCONTAINERS_RYUK_DISABLED=true .*no such host$/,
  )
  await expect(newRedis().start()).rejects.toThrow(/^Docker cannot run redis:\S+: .* no such host$/)
})

it('opens a server only on loopback, and leaves nothing of a container that cannot start', async () => {
  vi.stubEnv('TESTCONTAINERS_RYUK_DISABLED', 'true')
  answers[`GET /images/${CONTAINED.redis.image}/json`] = [200, { Id: image }]
  answers['POST /containers/create'] = [201, { Id: 'c1' }]
  answers['POST /containers/c1/start'] = [500, { message: 'port is already allocated' }]
  answers['DELETE /containers/c1'] = [204, null]
  await expect(newRedis().start()).rejects.toThrow(/^Docker cannot run redis:.* port is already allocated$/)
  const created = asked.find(({ line }) => line === 'POST /containers/create')
  expect(JSON.parse(created?.body ?? '{}').HostConfig.PortBindings).toEqual({
    '6379/tcp': [{ HostPort: '40123', HostIp: '127.0.0.1' }],
  })
  expect(asked.map(({ line }) => line)).toContain('DELETE /containers/c1')
})
