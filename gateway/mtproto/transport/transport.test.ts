import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClientTransport, transportErrorOf } from './client-transport.ts'
import type { FrameSink } from './frame-reader.ts'
import { MAX_FRAME_BYTES, type TransportFault, type TransportKind } from './framing.ts'
import type { ObfuscatedKind } from './obfuscation.ts'
import { ServerTransport } from './server-transport.ts'

const KINDS: TransportKind[] = ['abridged', 'intermediate', 'padded', 'full']
const FORMS: [string, () => ClientTransport][] = [
  ...KINDS.map((kind): [string, () => ClientTransport] => [kind, () => ClientTransport.plain(kind)]),
  ...(['abridged', 'intermediate', 'padded'] as ObfuscatedKind[]).map(
    (kind): [string, () => ClientTransport] => [`obfuscated ${kind}`, () => ClientTransport.obfuscated(kind)],
  ),
]

class Collected implements FrameSink {
  readonly packets: Buffer[] = []
  readonly acksWanted: boolean[] = []
  readonly tokens: number[] = []
  packet(bytes: Buffer, quickAckWanted: boolean): void {
    this.packets.push(Buffer.from(bytes))
    this.acksWanted.push(quickAckWanted)
  }
  quickAck(token: number): void {
    this.tokens.push(token)
  }
}

/** A packet as encrypted messages are: 24 bytes, then whole blocks. */
const encrypted = (blocks: number) => Buffer.concat([Buffer.from([1]), randomBytes(23 + 16 * blocks)])

function feed(
  to: { receive(chunk: Buffer, sink: FrameSink): TransportFault | undefined },
  bytes: Buffer,
  cuts: number[],
) {
  const sink = new Collected()
  let at = 0
  for (const size of [...cuts, bytes.length]) {
    // A copy that is overwritten afterwards, as a socket's buffer may be.
    const chunk = Buffer.from(bytes.subarray(at, at + size))
    expect(to.receive(chunk, sink)).toBeUndefined()
    chunk.fill(0xaa)
    at += size
  }
  return sink
}

const cutsOf = fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 60 })
const sizesOf = fc.array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 28, max: 34 })), {
  maxLength: 8,
})

describe.each(FORMS)('%s', (_name, create) => {
  it('carries packets to the server whatever the cuts', () => {
    fc.assert(
      fc.property(sizesOf, cutsOf, (sizes, cuts) => {
        const client = create()
        const packets = sizes.map(encrypted)
        const bytes = Buffer.concat([client.opening, ...packets.map((packet) => client.frame(packet))])
        expect(feed(new ServerTransport(), bytes, cuts).packets).toEqual(packets)
      }),
    )
  })

  it('carries packets to the client whatever the cuts', () => {
    fc.assert(
      fc.property(sizesOf, cutsOf, (sizes, cuts) => {
        const client = create()
        const server = new ServerTransport()
        feed(server, Buffer.concat([client.opening, client.frame(encrypted(1))]), [])
        const packets = sizes.map(encrypted)
        const bytes = Buffer.concat(packets.map((packet) => server.frame(packet)))
        expect(feed(client, bytes, cuts).packets.map(cutToBlocks)).toEqual(packets)
      }),
    )
  })

  it('carries frames of a mebibyte, byte by byte at the start', () => {
    const client = create()
    const packet = Buffer.alloc(MAX_FRAME_BYTES - 24 - 16, 7)
    const framed = client.frame(encrypted((packet.length - 8) / 16))
    const sink = feed(new ServerTransport(), Buffer.concat([client.opening, framed]), Array(200).fill(1))
    expect(sink.packets).toHaveLength(1)
  })

  it('refuses a frame above a mebibyte before it has arrived', () => {
    const client = create()
    const server = new ServerTransport()
    const bytes = Buffer.concat([client.opening, client.frame(Buffer.alloc(MAX_FRAME_BYTES + 16))])
    expect(server.receive(bytes.subarray(0, 100), new Collected())).toBe('frame-too-large')
  })

  it('carries transport errors', () => {
    const client = create()
    const server = new ServerTransport()
    feed(server, Buffer.concat([client.opening, client.frame(encrypted(1))]), [])
    expect(feed(client, server.error(-404), [2]).packets.map((packet) => transportErrorOf(packet))).toEqual([
      -404,
    ])
  })

  it('hands over nothing after stop, even of the same chunk', () => {
    const client = create()
    const server = new ServerTransport()
    const sink = new Collected()
    const stopping = {
      packet(bytes: Buffer): void {
        sink.packet(bytes, false)
        server.stop()
      },
    }
    const frames = [client.frame(encrypted(1)), client.frame(encrypted(1))]
    server.receive(Buffer.concat([client.opening, ...frames]), stopping)
    server.receive(client.frame(encrypted(1)), stopping)
    expect(sink.packets).toHaveLength(1)
  })
})

/** Clients of the padded transport cut its padding off by themselves. */
function cutToBlocks(packet: Buffer): Buffer {
  return packet.subarray(0, packet.length - ((packet.length - 24) % 16))
}

describe.each(FORMS.filter(([name]) => name !== 'full'))('quick acknowledgement on %s', (_name, create) => {
  it('is asked for per packet, and answered with the token', () => {
    const client = create()
    const server = new ServerTransport()
    const asked = Buffer.concat([
      client.opening,
      client.frame(encrypted(2), true),
      client.frame(encrypted(40), false),
    ])
    expect(feed(server, asked, [70]).acksWanted).toEqual([true, false])
    const sink = feed(
      client,
      Buffer.concat([server.quickAck(0x80c0ffee)!, server.frame(encrypted(1))]),
      [1, 1, 1],
    )
    expect(sink.tokens).toEqual([0x80c0ffee])
    expect(sink.packets).toHaveLength(1)
  })
})

describe('bytes on the wire', () => {
  const packet = Buffer.from('0102030405060708', 'hex')

  it('abridged', () => {
    expect(ClientTransport.plain('abridged').frame(packet).toString('hex')).toBe('020102030405060708')
    expect(ClientTransport.plain('abridged').frame(packet, true)[0]).toBe(0x82)
    expect(ClientTransport.plain('abridged').frame(Buffer.alloc(508)).subarray(0, 5).toString('hex')).toBe(
      '7f7f000000',
    )
    const server = new ServerTransport()
    server.receive(Buffer.from('ef', 'hex'), new Collected())
    expect(server.quickAck(0x80010203)?.toString('hex')).toBe('80010203')
    expect(server.error(-404).toString('hex')).toBe('016cfeffff')
  })

  it('intermediate', () => {
    expect(ClientTransport.plain('intermediate').frame(packet).toString('hex')).toBe(
      '080000000102030405060708',
    )
    const server = new ServerTransport()
    server.receive(Buffer.from('eeeeeeee', 'hex'), new Collected())
    expect(server.quickAck(0x80010203)?.toString('hex')).toBe('03020180')
    expect(server.error(-429).toString('hex')).toBe('0400000053feffff')
  })

  it('padded: at most 3 bytes of padding from the server', () => {
    const server = new ServerTransport()
    server.receive(Buffer.from('dddddddd', 'hex'), new Collected())
    const lengths = new Set(Array.from({ length: 200 }, () => server.frame(packet).length))
    expect([...lengths].sort((a, b) => a - b)).toEqual([12, 13, 14, 15])
  })

  it('padded: up to 15 bytes of padding from the client are cut off', () => {
    const plain = Buffer.concat([Buffer.alloc(16), Buffer.from('14000000', 'hex'), randomBytes(20)])
    for (const body of [encrypted(3), plain]) {
      for (let padding = 0; padding < 16; padding++) {
        const size = Buffer.alloc(4)
        size.writeUInt32LE(body.length + padding)
        const bytes = Buffer.concat([Buffer.from('dddddddd', 'hex'), size, body, randomBytes(padding)])
        expect(feed(new ServerTransport(), bytes, []).packets).toEqual([body])
      }
    }
  })

  it('full', () => {
    const framed = ClientTransport.plain('full').frame(packet)
    expect(framed.subarray(0, 16).toString('hex')).toBe('14000000000000000102030405060708')
    expect(framed.readUInt32LE(16)).toBe(crc32(framed.subarray(0, 16)))
  })
})

describe('what is no transport', () => {
  const receive = (bytes: Buffer) => new ServerTransport().receive(bytes, new Collected())

  it('is refused when the obfuscated header has no known tag', () => {
    expect(receive(Buffer.alloc(64, 3))).toBe('unknown-transport')
    expect(receive(Buffer.from('GET / HTTP/1.1\r\nHost: example.org\r\n'.padEnd(64, 'x')))).toBe(
      'unknown-transport',
    )
  })

  it('is refused on the full transport when checksum, sequence or length are wrong', () => {
    const frames = () => {
      const client = ClientTransport.plain('full')
      return [client.frame(encrypted(1)), client.frame(encrypted(1))]
    }
    const changed = frames()[0]!
    changed[20]! ^= 1
    expect(receive(changed)).toBe('bad-checksum')
    const [first, second] = frames()
    expect(receive(Buffer.concat([first!, second!]))).toBeUndefined()
    expect(receive(Buffer.concat([first!, first!]))).toBe('bad-sequence')
    for (const length of [0, 8, 13]) {
      const short = Buffer.alloc(16)
      short.writeUInt32LE(length)
      expect(receive(short)).toBe('bad-length')
    }
  })

  it('never makes it throw', () => {
    const marks = ['', 'ef', 'eeeeeeee', 'dddddddd', '1400000000000000'].map((hex) => Buffer.from(hex, 'hex'))
    const bytesOf = fc.tuple(fc.constantFrom(...marks), fc.uint8Array({ maxLength: 300 }), cutsOf)
    fc.assert(
      fc.property(bytesOf, ([mark, rest, cuts]) => {
        const server = new ServerTransport()
        const bytes = Buffer.concat([mark, rest])
        let at = 0
        for (const size of [...cuts, bytes.length]) {
          if (server.receive(bytes.subarray(at, at + size), new Collected()) !== undefined) return
          at += size
        }
      }),
    )
  })

  it('waits while the first bytes tell nothing', () => {
    expect(receive(Buffer.alloc(0))).toBeUndefined()
    expect(receive(randomBytes(63).fill(1))).toBeUndefined()
  })
})

it('tolerates any data centre in the obfuscated header', () => {
  for (const dcId of [2, -2, 10002, -10002, 0, 32767]) {
    const client = ClientTransport.obfuscated('intermediate', dcId)
    const packet = encrypted(1)
    expect(
      feed(new ServerTransport(), Buffer.concat([client.opening, client.frame(packet)]), []).packets,
    ).toEqual([packet])
  }
})
