import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ClientExchange } from '../mtproto/handshake/client.ts'
import { generateRsaKey } from '../mtproto/handshake/rsa-key.ts'
import { KeyExchange } from '../mtproto/handshake/server.ts'
import type { PacketLink, PacketReceiver } from '../mtproto/ports.ts'
import { ClientTransport, transportErrorOf } from '../mtproto/transport/client-transport.ts'
import { listenTcp, type TcpListener } from './tcp.ts'

/** Remembers what the links of a listener saw; waits without clocks. */
class Seen {
  readonly links: PacketLink[] = []
  readonly packets: Buffer[] = []
  readonly events: string[] = []
  #wake: (() => void)[] = []

  readonly open = (link: PacketLink): PacketReceiver => {
    this.links.push(link)
    const note = (event: string) => {
      this.events.push(event)
      for (const wake of this.#wake.splice(0)) wake()
    }
    note('open')
    return {
      packet: (bytes, quickAckWanted) => {
        this.packets.push(Buffer.from(bytes))
        note(quickAckWanted ? 'packet!' : 'packet')
      },
      drained: () => note('drained'),
      closed: () => note('closed'),
    }
  }

  async until(event: string, count = 1): Promise<void> {
    while (this.events.filter((each) => each === event).length < count) {
      await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
  }
}

const packetOf = (blocks: number) => Buffer.concat([Buffer.from([1]), randomBytes(23 + 16 * blocks)])

let listener: TcpListener | undefined
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await listener?.close()
  listener = undefined
})

async function dial(): Promise<Socket> {
  const socket = connect({ ...listener!.address, noDelay: true })
  socket.on('error', () => {})
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}

function collect(socket: Socket, transport: ClientTransport) {
  const packets: Buffer[] = []
  const tokens: number[] = []
  const waiting: (() => void)[] = []
  socket.on('data', (chunk) => {
    transport.receive(chunk, {
      packet: (bytes) => packets.push(bytes),
      quickAck: (token) => tokens.push(token),
    })
    for (const wake of waiting.splice(0)) wake()
  })
  const until = async (done: () => boolean) => {
    while (!done()) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  return { packets, tokens, until }
}

const FORMS: [string, () => ClientTransport][] = [
  ['abridged', () => ClientTransport.plain('abridged')],
  ['intermediate', () => ClientTransport.plain('intermediate')],
  ['full', () => ClientTransport.plain('full')],
  ['obfuscated padded', () => ClientTransport.obfuscated('padded')],
]

describe.each(FORMS)('over TCP, %s', (_name, create) => {
  it('packets travel both ways, in order', async () => {
    const seen = new Seen()
    listener = await listenTcp({ host: '127.0.0.1', port: 0 }, seen.open)
    const socket = await dial()
    const client = create()
    const received = collect(socket, client)
    const sent = [1, 5, 300].map(packetOf)
    socket.write(client.opening)
    for (const packet of sent) socket.write(client.frame(packet))
    await seen.until('packet', 3)
    expect(seen.packets).toEqual(sent)
    expect(seen.links[0]).toMatchObject({ kind: 'tcp', remoteAddress: '127.0.0.1' })
    for (const packet of sent) seen.links[0]!.send(packet)
    await received.until(() => received.packets.length === 3)
    expect(received.packets.map((packet, i) => packet.subarray(0, sent[i]!.length))).toEqual(sent)
  })

  it('a key is exchanged', async () => {
    const rsaKey = generateRsaKey()
    let serverKey: Buffer | undefined
    listener = await listenTcp({ host: '127.0.0.1', port: 0 }, (link) => {
      const exchange = new KeyExchange({ rsaKey })
      const packet = (bytes: Uint8Array) => {
        const outcome = exchange.receive(bytes, Date.now())
        serverKey = outcome.completed?.key.key
        link.send((outcome.completed?.reply ?? outcome.reply)!)
      }
      return { packet, drained() {}, closed() {} }
    })
    const socket = await dial()
    const transport = create()
    const exchange = new ClientExchange({ rsaKey })
    socket.write(Buffer.concat([transport.opening, transport.frame(exchange.start(Date.now()))]))
    const key = await new Promise<Buffer>((resolve, reject) => {
      const packet = (bytes: Buffer) => {
        const outcome = exchange.receive(bytes, Date.now())
        if (outcome.reply !== undefined) socket.write(transport.frame(outcome.reply))
        else if (outcome.completed !== undefined) resolve(outcome.completed.authKey)
        else reject(new Error(outcome.failed))
      }
      socket.on('data', (chunk) => transport.receive(chunk, { packet }))
    })
    expect(key).toEqual(serverKey)
  })
})

describe('a TCP link', () => {
  async function open(limits = {}) {
    const seen = new Seen()
    listener = await listenTcp({ host: '127.0.0.1', port: 0 }, seen.open, limits)
    const socket = await dial()
    const client = ClientTransport.plain('intermediate')
    const received = collect(socket, client)
    socket.write(Buffer.concat([client.opening, client.frame(packetOf(1), true)]))
    await seen.until('packet!')
    return { seen, socket, client, received, link: seen.links[0]! }
  }

  it('sends quick acknowledgements', async () => {
    const { link, received } = await open()
    link.sendQuickAck(0x80000123)
    await received.until(() => received.tokens.length === 1)
    expect(received.tokens).toEqual([0x80000123])
  })

  it('sends a transport error after what was sent before, then closes', async () => {
    const { link, received, seen, socket } = await open()
    link.send(packetOf(1))
    link.sendTransportError(-404)
    link.send(packetOf(1))
    await once(socket, 'end')
    expect(received.packets.map(transportErrorOf)).toEqual([undefined, -404])
    await seen.until('closed')
  })

  it('puts what one turn sends into one segment', async () => {
    const { link, socket, received } = await open()
    const chunks: number[] = []
    socket.on('data', (chunk) => chunks.push(chunk.length))
    for (let i = 0; i < 5; i++) link.send(packetOf(1))
    expect(link.bufferedBytes()).toBe(5 * 44)
    await received.until(() => received.packets.length === 5)
    expect(chunks).toEqual([5 * 44])
    expect(link.bufferedBytes()).toBe(0)
  })

  it('tells what a slow reader leaves, and when it has caught up', async () => {
    const { link, socket, seen } = await open()
    socket.pause()
    for (let i = 0; i < 12; i++) link.send(Buffer.alloc(1024 * 1024 - 64))
    await new Promise((resolve) => setImmediate(resolve))
    expect(link.bufferedBytes()).toBeGreaterThan(0)
    expect(seen.events).not.toContain('drained')
    socket.resume()
    await seen.until('drained')
    expect(link.bufferedBytes()).toBe(0)
  })

  it('is closed when its peer leaves too much unread', async () => {
    const { link, socket, seen } = await open({ maxBufferedBytes: 1024 * 1024 })
    socket.pause()
    for (let i = 0; i < 12; i++) link.send(Buffer.alloc(1024 * 1024 - 64))
    await seen.until('closed')
  })

  it('does not linger after its end when its peer does not read', async () => {
    const { link, socket, seen } = await open({ closingMs: 30 })
    socket.pause()
    for (let i = 0; i < 12; i++) link.send(Buffer.alloc(1024 * 1024 - 64))
    link.close()
    await seen.until('closed')
  })

  it('may be closed as soon as it opens', async () => {
    const events: string[] = []
    let close = () => {}
    const closed = new Promise<void>((resolve) => {
      close = resolve
    })
    listener = await listenTcp({ host: '127.0.0.1', port: 0 }, (link) => {
      link.close()
      return { packet: () => events.push('packet'), drained() {}, closed: close }
    })
    const socket = await dial()
    socket.write(ClientTransport.plain('abridged').opening)
    await closed
    expect(events).toEqual([])
  })

  it('is closed when the transport is broken', async () => {
    const { seen, socket } = await open()
    socket.write(Buffer.alloc(4, 0x7f))
    await seen.until('closed')
  })

  it('is closed when nothing moves for too long', async () => {
    const { seen } = await open({ idleMs: 30 })
    await seen.until('closed')
  })

  it('closes once for its receiver when the peer goes', async () => {
    const { seen, socket } = await open()
    socket.destroy()
    await seen.until('closed')
    expect(seen.events.filter((event) => event === 'closed')).toHaveLength(1)
  })
})

describe('a TCP listener', () => {
  it('closes a connection that never shows a transport', async () => {
    const seen = new Seen()
    listener = await listenTcp({ host: '127.0.0.1', port: 0 }, seen.open, { openingMs: 30 })
    const socket = await dial()
    socket.write(Buffer.alloc(5, 1))
    await seen.until('closed')
    expect(seen.events).toEqual(['open', 'closed'])
  })

  it('takes connections that close without a byte', async () => {
    const seen = new Seen()
    listener = await listenTcp({ host: '127.0.0.1', port: 0 }, seen.open)
    const socket = await dial()
    socket.end()
    await seen.until('closed')
    expect(listener.connectionCount()).toBe(0)
  })

  it('refuses connections above its bound', async () => {
    const seen = new Seen()
    listener = await listenTcp({ host: '127.0.0.1', port: 0 }, seen.open, { maxConnections: 1 })
    await dial()
    await seen.until('open')
    const second = await dial()
    await once(second.resume(), 'close')
    expect(seen.links).toHaveLength(1)
  })

  it('refuses connections above the bound of their address, until one of them ends', async () => {
    const seen = new Seen()
    listener = await listenTcp({ host: '127.0.0.1', port: 0 }, seen.open, { maxConnectionsPerAddress: 1 })
    const first = await dial()
    await seen.until('open')
    await once((await dial()).resume(), 'close')
    const elsewhere = connect({ ...listener.address, localAddress: '127.0.0.2' })
    sockets.push(elsewhere)
    await seen.until('open', 2)
    expect(seen.links.map((link) => link.remoteAddress)).toEqual(['127.0.0.1', '127.0.0.2'])
    first.destroy()
    await seen.until('closed')
    await dial()
    await seen.until('open', 3)
  })

  it('holds a bounded part of unfinished frames for an address, and forgets it with the connection', async () => {
    const seen = new Seen()
    const limits = { maxHeldBytesPerAddress: 300_000 }
    listener = await listenTcp({ host: '127.0.0.1', port: 0 }, seen.open, limits)
    const unfinished = Buffer.alloc(200_000)
    unfinished.writeUInt32LE(0xeeeeeeee, 0)
    unfinished.writeUInt32LE(280_000, 4)
    const first = await dial()
    first.write(unfinished)
    const second = await dial()
    second.write(unfinished)
    await seen.until('closed')
    expect(listener.connectionCount()).toBe(1)
    for (const socket of [first, second]) socket.destroy()
    await seen.until('closed', 2)
    const third = await dial()
    third.write(Buffer.concat([unfinished, Buffer.alloc(280_008 - unfinished.length)]))
    await seen.until('packet')
  })

  it('rejects an address that is taken', async () => {
    listener = await listenTcp({ host: '127.0.0.1', port: 0 }, new Seen().open)
    await expect(listenTcp(listener.address, new Seen().open)).rejects.toThrow('EADDRINUSE')
  })

  it('ends its connections on close, even of peers that do not read', async () => {
    const seen = new Seen()
    listener = await listenTcp({ host: '127.0.0.1', port: 0 }, seen.open, { closingMs: 50 })
    const socket = await dial()
    socket.pause()
    socket.write(ClientTransport.plain('abridged').opening)
    socket.write(ClientTransport.plain('abridged').frame(packetOf(1)))
    await seen.until('packet')
    for (let i = 0; i < 12; i++) seen.links[0]!.send(Buffer.alloc(1024 * 1024 - 64))
    await listener.close()
    listener = undefined
    expect(seen.events).toContain('closed')
  })
})
