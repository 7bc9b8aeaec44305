import { randomBytes } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOGIN_CODE, ServerProcess } from '../server.ts'

const OUR_PAGE = 'https://chat.example'
const MIB = 1024 * 1024

describe('the web side, with an origin allow-list', () => {
  let server: ServerProcess

  beforeAll(async () => {
    server = await ServerProcess.start(['--login-code', LOGIN_CODE, '--origins', OUR_PAGE])
  })
  afterAll(() => server.dispose())

  /** The status that an attempt to open a WebSocket gets. */
  function upgradeStatus(origin: string | undefined): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const headers = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
        'sec-websocket-protocol': 'binary',
        ...(origin === undefined ? {} : { origin }),
      }
      const attempt = request(`${server.endpoints.http}/apiws`, { headers })
      attempt.on('upgrade', (response: IncomingMessage, socket) => {
        socket.destroy()
        resolve(response.statusCode)
      })
      attempt.on('response', (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      attempt.on('error', reject)
      attempt.end()
    })
  }

  it('opens WebSockets to listed pages and to programs, not to other pages', async () => {
    expect(await upgradeStatus(OUR_PAGE)).toBe(101)
    expect(await upgradeStatus(undefined)).toBe(101)
    for (const origin of ['https://evil.example', 'http://chat.example', `${OUR_PAGE}.evil.example`, 'null'])
      expect(await upgradeStatus(origin), origin).toBe(403)
  })

  it('answers requests of listed pages only, and lets no other page read an answer', async () => {
    const post = (origin: string) =>
      fetch(`${server.endpoints.http}/apiw1`, { method: 'POST', headers: { origin }, body: randomBytes(40) })
    expect((await post('https://evil.example')).status).toBe(403)
    const answer = await post(OUR_PAGE)
    expect(answer.headers.get('access-control-allow-origin')).toBe(OUR_PAGE)
  })

  /** What the server says to the bytes, and to more after its first answer, before it closes. */
  async function saidTo(bytes: Buffer, then = Buffer.alloc(0)): Promise<string> {
    const { hostname, port } = new URL(server.endpoints.http)
    const socket = connect(Number(port), hostname)
    const said: Buffer[] = []
    socket.on('data', (chunk) => said.push(chunk))
    socket.on('error', () => {})
    socket.once('data', () => socket.write(then))
    socket.write(bytes)
    await new Promise((resolve) => socket.on('close', resolve))
    return Buffer.concat(said).toString('latin1')
  }

  it('refuses heads and bodies beyond their bounds', async () => {
    const head = 'POST /api HTTP/1.1\r\nhost: a\r\n'
    const endless = Buffer.from(`${head}x: ${'a'.repeat(64 * 1024)}`)
    expect(await saidTo(endless)).not.toContain('200 OK')
    const large = Buffer.concat([
      Buffer.from(`${head}content-length: ${8 * MIB}\r\n\r\n`),
      Buffer.alloc(2 * MIB),
    ])
    expect(await saidTo(large)).not.toContain('200 OK')
  })

  it('is not harmed by garbage, as requests, as bodies or in WebSockets', async () => {
    for (let i = 0; i < 50; i++) {
      const body = randomBytes(1 + i * 61)
      const answer = await fetch(`${server.endpoints.http}/api`, { method: 'POST', body })
      await answer.arrayBuffer()
    }
    await saidTo(Buffer.concat([randomBytes(400), Buffer.from('\r\n\r\n')]))
    const key = randomBytes(16).toString('base64')
    const upgrade =
      'GET /apiws HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\n' +
      `sec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`
    const frame = Buffer.concat([Buffer.from([0x82, 0x80 | 70, 0, 0, 0, 0]), Buffer.alloc(70, 1)])
    expect(await saidTo(Buffer.from(upgrade), frame)).toContain('101 ')
    const health = await fetch(`${server.endpoints.http}/healthz`)
    expect(health.status).toBe(200)
    expect(server.output.filter((line) => line.includes('"level":50'))).toEqual([])
  })
})
