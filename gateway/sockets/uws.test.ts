import { randomBytes } from 'node:crypto'

import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ClientExchange } from '../mtproto/handshake/client.ts'
import { generateRsaKey } from '../mtproto/handshake/rsa-key.ts'
import { SharedExchanges } from '../mtproto/handshake/shared-exchanges.ts'
import type { OpenLink, PacketLink, PacketReceiver } from '../mtproto/ports.ts'
import { ClientTransport, transportErrorOf } from '../mtproto/transport/client-transport.ts'
import { type HttpListener, type HttpOptions, listenHttp, loadUws } from './uws.ts'
import { RawWebSocket, Signal } from './web-socket-client.fixture.ts'

const LOCAL = { host: '127.0.0.1', port: 0 }
const packetOf = (blocks: number) => Buffer.concat([Buffer.from([1]), randomBytes(23 + 16 * blocks)])

class Seen {
  readonly links: PacketLink[] = []
  readonly packets: Buffer[] = []
  readonly events: string[] = []
  readonly signal = new Signal()
  readonly #answer: ((link: PacketLink, packet: Buffer) => void) | undefined
  constructor(answer?: (link: PacketLink, packet: Buffer) => void) {
    this.#answer = answer
  }
  readonly open = (link: PacketLink): PacketReceiver => {
    this.links.push(link)
    const note = (event: string) => {
      this.events.push(event)
      this.signal.notify()
    }
    return {
      packet: (bytes) => {
        const packet = Buffer.from(bytes)
        this.packets.push(packet)
        this.#answer?.(link, packet)
        note('packet')
      },
      drained: () => note('drained'),
      closed: () => note('closed'),
    }
  }
}

let listener: HttpListener | undefined
const opened: Socket[] = []
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy()
  await listener?.close()
  listener = undefined
})

const listen = (seen: Seen, options: HttpOptions = {}) => listenWith(seen.open, options)

async function listenWith(openLink: OpenLink, options: HttpOptions = {}): Promise<number> {
  listener = await listenHttp(LOCAL, openLink, options)
  return listener.address.port
}

async function dial(port: number, path = '/apiws', headers = {}): Promise<RawWebSocket> {
  const client = new RawWebSocket(port, path, headers)
  opened.push(client.socket)
  return client.opened()
}

describe('WebSocket', () => {
  it.each(['/apiws', '/apiws_test', '/apiws_premium'])(
    'at %s carries packets both ways, cut anywhere',
    async (path) => {
      const seen = new Seen()
      const port = await listen(seen)
      const client = await dial(port, path, { 'Sec-WebSocket-Protocol': 'binary' })
      expect(client.head).toContain('101 switching protocols')
      expect(client.head).toContain('sec-websocket-protocol: binary')
      const transport = ClientTransport.obfuscated('intermediate')
      const sent = [1, 3, 400].map(packetOf)
      const bytes = Buffer.concat([transport.opening, ...sent.map((packet) => transport.frame(packet))])
      for (let at = 0; at < bytes.length; at += 50) client.send(bytes.subarray(at, at + 50))
      await seen.signal.until(() => seen.packets.length === 3)
      expect(seen.packets).toEqual(sent)
      expect(seen.links[0]).toMatchObject({ kind: 'websocket', remoteAddress: '127.0.0.1' })
      for (const packet of sent) seen.links[0]!.send(packet)
      await client.signal.until(() => client.received.length === 3)
      const got: Buffer[] = []
      transport.receive(Buffer.concat(client.received), { packet: (packet) => got.push(packet) })
      expect(got).toEqual(sent)
    },
  )

  it('sends a transport error and closes', async () => {
    const seen = new Seen((link) => link.sendTransportError(-404))
    const client = await dial(await listen(seen))
    const transport = ClientTransport.obfuscated('abridged')
    client.send(Buffer.concat([transport.opening, transport.frame(packetOf(1))]))
    await client.signal.until(() => client.ended)
    await seen.signal.until(() => seen.events.includes('closed'))
    const got: Buffer[] = []
    transport.receive(Buffer.concat(client.received), { packet: (packet) => got.push(packet) })
    expect(got.map(transportErrorOf)).toEqual([-404])
    expect(seen.events).toEqual(['packet', 'closed'])
  })

  it('may be closed as soon as it opens', async () => {
    const events: string[] = []
    const signal = new Signal()
    const port = await listenWith((link) => {
      link.close()
      const closed = () => {
        events.push('closed')
        signal.notify()
      }
      return { packet: () => events.push('packet'), drained() {}, closed }
    })
    const client = await dial(port)
    await client.signal.until(() => client.ended)
    await signal.until(() => events.length > 0)
    expect((await fetch(`http://127.0.0.1:${port}/api`, { method: 'POST', body: 'abcd' })).status).toBe(200)
    await signal.until(() => events.length > 1)
    expect(events).toEqual(['closed', 'closed'])
    expect(listener!.connectionCount()).toBe(0)
  })

  it('takes a sub-protocol from a list, and none where none is offered', async () => {
    const port = await listen(new Seen())
    expect((await dial(port, '/apiws', { 'Sec-WebSocket-Protocol': 'other, binary' })).head).toContain(
      'protocol: binary',
    )
    expect((await dial(port)).head).not.toContain('sec-websocket-protocol')
  })

  it('refuses pages of origins that are not listed', async () => {
    const port = await listen(new Seen(), { allowedOrigins: ['https://chat.example'] })
    expect(listener!.openToAllOrigins).toBe(false)
    expect((await dial(port, '/apiws', { Origin: 'https://evil.example' })).head).toContain('403 forbidden')
    expect((await dial(port, '/apiws', { Origin: 'https://chat.example' })).head).toContain('101 ')
    expect((await dial(port)).head).toContain('101 ')
  })

  it('takes pages of any origin unless told', async () => {
    const port = await listen(new Seen())
    expect(listener!.openToAllOrigins).toBe(true)
    expect((await dial(port, '/apiws', { Origin: 'https://any.example' })).head).toContain('101 ')
  })

  it('closes on a message above the bound and on a broken transport', async () => {
    const seen = new Seen()
    const port = await listen(seen, { limits: { maxBodyBytes: 1000 } })
    const large = await dial(port)
    large.send(Buffer.alloc(2000))
    await large.signal.until(() => large.ended)
    const broken = await dial(port)
    broken.send(Buffer.alloc(64, 1))
    await broken.signal.until(() => broken.ended)
    expect(seen.events).toEqual(['closed', 'closed'])
  })

  it('refuses connections above the bound', async () => {
    const port = await listen(new Seen(), { limits: { maxConnections: 1 } })
    expect((await dial(port)).head).toContain('101 ')
    expect((await dial(port)).head).toContain('503 ')
  })

  it('takes the address of its client from a trusted proxy', async () => {
    const seen = new Seen()
    const port = await listen(seen, { trustedProxies: ['127.0.0.1'] })
    await dial(port, '/apiws', { 'x-forwarded-for': '192.0.2.7' })
    await dial(port)
    expect(seen.links.map((link) => link.remoteAddress)).toEqual(['192.0.2.7', '127.0.0.1'])
  })

  it('refuses connections and requests above the bound of their address', async () => {
    const seen = new Seen()
    const port = await listen(seen, { limits: { maxConnectionsPerAddress: 1 } })
    const first = await dial(port)
    expect(first.head).toContain('101 ')
    expect((await dial(port)).head).toContain('503 ')
    const post = () => fetch(`http://127.0.0.1:${port}/api`, { method: 'POST', body: packetOf(1) })
    const refused = await post()
    expect(refused.status).toBe(503)
    // Without it a page of a browser sees a network that fails, not a server that is full.
    expect(refused.headers.get('access-control-allow-origin')).toBe('*')
    first.socket.destroy()
    await seen.signal.until(() => seen.events.includes('closed'))
    expect((await dial(port)).head).toContain('101 ')
  })

  it('tells what a slow reader leaves, and when it has caught up', async () => {
    const seen = new Seen()
    const client = await dial(await listen(seen))
    const transport = ClientTransport.obfuscated('intermediate')
    client.send(Buffer.concat([transport.opening, transport.frame(packetOf(1))]))
    await seen.signal.until(() => seen.packets.length === 1)
    client.socket.pause()
    const link = seen.links[0]!
    for (let i = 0; i < 12; i++) link.send(Buffer.alloc(1024 * 1024 - 64))
    await new Promise((resolve) => setImmediate(resolve))
    expect(link.bufferedBytes()).toBeGreaterThan(0)
    client.socket.resume()
    await seen.signal.until(() => seen.events.includes('drained'))
    expect(link.bufferedBytes()).toBe(0)
    await client.signal.until(() => client.received.length === 12)
  })

  it('closes a reader that is too slow', async () => {
    const seen = new Seen()
    const client = await dial(await listen(seen, { limits: { maxBufferedBytes: 1024 * 1024 } }))
    const transport = ClientTransport.obfuscated('intermediate')
    client.send(Buffer.concat([transport.opening, transport.frame(packetOf(1))]))
    await seen.signal.until(() => seen.packets.length === 1)
    client.socket.pause()
    for (let i = 0; i < 12; i++) seen.links[0]!.send(Buffer.alloc(1024 * 1024 - 64))
    await seen.signal.until(() => seen.events.includes('closed'))
  })
})

describe('HTTP', () => {
  const url = (port: number, path: string) => `http://127.0.0.1:${port}${path}`
  const post = (port: number, body: Buffer, path = '/apiw1', headers = {}) =>
    fetch(url(port, path), { method: 'POST', body: new Uint8Array(body), headers })

  it.each(['/api', '/apiw', '/apiw1', '/api_test', '/apiw_test', '/apiw1_test'])(
    'at %s takes a packet and answers it',
    async (path) => {
      const answer = packetOf(3)
      const seen = new Seen((link) => link.send(answer))
      const port = await listen(seen)
      const sent = packetOf(20_000)
      const response = await post(port, sent, path)
      expect(response.status).toBe(200)
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      expect(Buffer.from(await response.arrayBuffer())).toEqual(answer)
      expect(seen.packets[0]!.equals(sent)).toBe(true)
      expect(seen.links[0]).toMatchObject({ kind: 'http', remoteAddress: '127.0.0.1' })
      await seen.signal.until(() => seen.events.includes('closed'))
    },
  )

  it('waits for an answer, and gives an empty one after its limit', async () => {
    const seen = new Seen()
    const port = await listen(seen, { limits: { httpWaitMs: 40 } })
    const response = await post(port, packetOf(1))
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 0])
    expect(seen.events).toEqual(['packet', 'closed'])
    // An answer that comes too late is not written to a response that is over.
    seen.links[0]!.send(packetOf(1))
    expect(seen.links[0]!.bufferedBytes()).toBe(0)
  })

  it('keeps a request open until there is something to say', async () => {
    const seen = new Seen()
    const port = await listen(seen)
    const response = post(port, packetOf(1))
    await seen.signal.until(() => seen.packets.length === 1)
    await post(port, Buffer.alloc(0), '/healthz')
    seen.links[0]!.send(packetOf(2))
    expect((await (await response).arrayBuffer()).byteLength).toBe(56)
  })

  it('tells its receiver when the peer gives up', async () => {
    const seen = new Seen()
    const port = await listen(seen)
    const abort = new AbortController()
    const request = fetch(url(port, '/api'), { method: 'POST', body: 'abcd', signal: abort.signal })
    await seen.signal.until(() => seen.packets.length === 1)
    abort.abort()
    await expect(request).rejects.toThrow()
    await seen.signal.until(() => seen.events.includes('closed'))
    expect(listener!.connectionCount()).toBe(0)
  })

  it('gives transport errors as a status and 4 bytes', async () => {
    const port = await listen(new Seen((link) => link.sendTransportError(-404)))
    const response = await post(port, packetOf(1))
    expect(response.status).toBe(404)
    expect(Buffer.from(await response.arrayBuffer()).readInt32LE()).toBe(-404)
  })

  it('refuses a body above the bound', async () => {
    const seen = new Seen()
    const port = await listen(seen, { limits: { maxBodyBytes: 1000 } })
    await expect(post(port, Buffer.alloc(5000))).rejects.toThrow()
    expect(seen.links).toHaveLength(0)
    expect(listener!.connectionCount()).toBe(0)
  })

  it('holds a bounded part of unfinished bodies for an address', async () => {
    const port = await listen(new Seen(), { limits: { maxHeldBytesPerAddress: 300_000 } })
    const begin = async () => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      opened.push(socket)
      socket.write('POST /api HTTP/1.1\r\nhost: a\r\ncontent-length: 900000\r\n\r\n')
      socket.write(Buffer.alloc(200_000))
      return socket
    }
    const [one, two] = [await begin(), await begin()]
    await Promise.race([one, two].map((socket) => new Promise((resolve) => socket.on('close', resolve))))
    expect(listener!.connectionCount()).toBe(1)
  })

  it('refuses a head that does not end within the bound of the library', async () => {
    const port = await listen(new Seen())
    const socket = connect(port, '127.0.0.1')
    opened.push(socket)
    socket.write(`POST /api HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(100_000)}`)
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toContain('HTTP/1.1 431 ')
  })

  it('answers preflights, for listed origins only', async () => {
    const port = await listen(new Seen(), { allowedOrigins: ['https://chat.example'] })
    const ask = async (origin: string) => {
      const response = await fetch(url(port, '/apiw1'), { method: 'OPTIONS', headers: { origin } })
      return response.headers.get('access-control-allow-origin')
    }
    expect(await ask('https://chat.example')).toBe('https://chat.example')
    expect(await ask('https://evil.example')).toBeNull()
    expect((await post(port, packetOf(1), '/apiw1', { origin: 'https://evil.example' })).status).toBe(403)
  })

  it('exchanges a key over separate requests', async () => {
    const rsaKey = generateRsaKey()
    const exchanges = new SharedExchanges({ rsaKey })
    let serverKey: Buffer | undefined
    const port = await listen(
      new Seen((link, packet) => {
        const outcome = exchanges.receive(packet, Date.now())
        serverKey = outcome.completed?.key.key
        link.send((outcome.completed?.reply ?? outcome.reply)!)
      }),
    )
    const exchange = new ClientExchange({ rsaKey })
    let next: Buffer | undefined = exchange.start(Date.now())
    let key: Buffer | undefined
    while (next !== undefined) {
      const response = await post(port, next)
      const outcome = exchange.receive(Buffer.from(await response.arrayBuffer()), Date.now())
      key = outcome.completed?.authKey
      next = outcome.reply
    }
    expect(key).toEqual(serverKey)
  })
})

describe('the HTTP listener', () => {
  it('tells its health, adds routes, and has nothing else', async () => {
    let healthy = true
    const port = await listen(new Seen(), {
      healthy: () => healthy,
      routes: (app) => {
        app.get('/extra', (res) => {
          res.end('more')
        })
      },
    })
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status
    expect(await get('/healthz')).toBe(200)
    healthy = false
    expect(await get('/healthz')).toBe(503)
    expect(await get('/extra')).toBe(200)
    expect(await get('/other')).toBe(404)
  })

  it('rejects an address that is taken', async () => {
    const port = await listen(new Seen())
    await expect(listenHttp({ host: '127.0.0.1', port }, new Seen().open)).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}`,
    )
  })

  it('ends its connections on close', async () => {
    const seen = new Seen()
    const port = await listen(seen)
    const client = await dial(port)
    const waiting = fetch(`http://127.0.0.1:${port}/api`, { method: 'POST', body: 'abcd' })
    await seen.signal.until(() => seen.packets.length === 1)
    await listener!.close()
    listener = undefined
    await client.signal.until(() => client.ended)
    expect((await waiting).status).toBe(200)
    expect(seen.events.filter((event) => event === 'closed')).toHaveLength(2)
  })

  it('says in one line what its library needs when that does not load', () => {
    const failing = () =>
      loadUws(() => {
        throw new Error('no such file')
      })
    expect(failing).toThrow(/Node 20 with glibc 2\.27 or later, or Node 22 to 25 with glibc 2\.38/)
    try {
      failing()
    } catch (error) {
      expect((error as Error).message).not.toContain('\n')
    }
  })
})
