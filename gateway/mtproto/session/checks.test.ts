import { gzipSync } from 'node:zlib'
import { type AnyCall, encodeCall } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import type { AuthKey } from '../ports.ts'
import type { ClientSession } from './client.ts'
import { type ClientMessage, writeContainer } from './client-messages.ts'
import * as id from './constructors.ts'
import { MessageIds } from './message-ids.ts'
import { Rig, type Seen } from './rig.fixture.ts'
import { msgsAck } from './service-bodies.ts'
import { tlBytes } from './tl-bytes.ts'

const call = encodeCall({ _: 'updates.getState' } satisfies AnyCall)

function setUp(options: ConstructorParameters<typeof Rig>[0] = {}, key: Partial<AuthKey> = { userId: 5 }) {
  const rig = new Rig(options)
  rig.answer = async () => ({ _: 'updates.state', pts: 1, qts: 0, date: 1, seq: 0, unreadCount: 0 })
  const authKey = rig.authKeys.make(key)
  return { rig, authKey, ...rig.client(authKey) }
}

/** The codes of bad_msg_notification and bad_server_salt, in order. */
function codes(seen: Seen): number[] {
  return seen.service
    .filter(
      ({ id: constructorId }) =>
        constructorId === id.BAD_MSG_NOTIFICATION || constructorId === id.BAD_SERVER_SALT,
    )
    .map(({ body }) => body.readInt32LE(16))
}

function idAt(ms: number): bigint {
  return new MessageIds().next(ms, 0)
}

function message(client: ClientSession, body: Buffer = call): ClientMessage {
  return { msgId: client.nextMsgId(), seqNo: client.nextSeqNo(true), body }
}

describe('message ids', () => {
  it.each([
    ['16 for one more than 300 s old', -301_000, 16],
    ['17 for one more than 30 s ahead', 31_000, 17],
  ])('%s', async (_name, offsetMs, code) => {
    const { rig, client, seen } = setUp()
    client.sendMessage({ msgId: idAt(rig.nowMs + offsetMs), seqNo: 1, body: call })
    await rig.settle()
    expect(codes(seen)).toEqual([code])
    expect(rig.calls.length).toBe(0)
  })

  it.each([-299_000, 29_000])('are good at %d ms', async (offsetMs) => {
    const { rig, client, seen } = setUp()
    client.sendMessage({ msgId: idAt(rig.nowMs + offsetMs), seqNo: 1, body: call })
    await rig.settle()
    expect(codes(seen)).toEqual([])
    expect(rig.calls.length).toBe(1)
  })

  it.each([1n, 2n, 3n])('18 for one that is %d modulo 4', async (low) => {
    const { rig, client, seen } = setUp()
    client.sendMessage({ msgId: client.nextMsgId() + low, seqNo: 1, body: call })
    await rig.settle()
    expect(codes(seen)).toEqual([18])
    expect(rig.calls.length).toBe(0)
  })

  it('19 for a container that comes twice', async () => {
    const { rig, client, seen } = setUp()
    const inner = [message(client), message(client)]
    const container = {
      msgId: client.nextMsgId(),
      seqNo: client.nextSeqNo(false),
      body: writeContainer(inner),
    }
    client.sendMessage(container)
    client.sendMessage(container)
    await rig.settle()
    expect(codes(seen)).toEqual([19])
    expect(rig.calls.length).toBe(2)
  })

  it('20 for one that is below all that are remembered', async () => {
    const { rig, client, seen } = setUp({ limits: { receivedIds: 4 } })
    const early = message(client)
    for (let i = 0; i < 6; i++) client.sendMessage(message(client))
    client.sendMessage({ ...early, seqNo: 1 })
    await rig.settle()
    expect(codes(seen)).toEqual([20])
    expect(rig.calls.length).toBe(6)
  })
})

describe('sequence numbers', () => {
  it('32 for one that is too low', async () => {
    const { rig, client, seen } = setUp()
    client.sendMessage({ ...message(client), seqNo: 5 })
    client.sendMessage({ ...message(client), seqNo: 3 })
    client.sendMessage({ ...message(client), seqNo: 5 })
    await rig.settle()
    expect(codes(seen)).toEqual([32, 32])
    expect(rig.calls.length).toBe(1)
  })

  it('33 for an older message with a higher one', async () => {
    const { rig, client, seen } = setUp()
    const early = message(client)
    client.sendMessage({ ...message(client), seqNo: 3 })
    client.sendMessage({ ...early, seqNo: 5 })
    await rig.settle()
    expect(codes(seen)).toEqual([33])
    expect(rig.calls.length).toBe(1)
  })

  it('34 for an odd one of a container, whose calls do not run', async () => {
    const { rig, client, seen } = setUp()
    const container = writeContainer([message(client)])
    client.sendMessage({ msgId: client.nextMsgId(), seqNo: 3, body: container })
    await rig.settle()
    expect(codes(seen)).toEqual([34])
    expect(rig.calls.length).toBe(0)
  })

  it('may be odd for an acknowledgement, as some clients have it', async () => {
    const { rig, client, seen } = setUp()
    client.sendMessage({ ...message(client, msgsAck([1n])), seqNo: 1 })
    await rig.settle()
    expect(codes(seen)).toEqual([])
  })

  it('35 for an even one of a call', async () => {
    const { rig, client, seen } = setUp()
    client.sendMessage({ ...message(client), seqNo: 2 })
    await rig.settle()
    expect(codes(seen)).toEqual([35])
    expect(rig.calls.length).toBe(0)
  })
})

describe('the salt', () => {
  it('48 for a wrong one, upon which the client sends the call again and it runs once', async () => {
    const { rig, client, seen, authKey } = setUp()
    client.salt = 1n
    const result = client.request({ _: 'updates.getState' })
    await rig.settle()
    expect(codes(seen)).toEqual([48])
    expect(await result).toMatchObject({ _: 'updates.state' })
    expect(client.salt).toBe(rig.salt(authKey))
    expect(rig.calls.length).toBe(1)
  })

  it('stays good for a period after the next has begun, and not longer', async () => {
    const { rig, client, seen } = setUp()
    const { salt } = client
    await rig.advance(1_800_000)
    client.sendMessage(message(client))
    await rig.settle()
    expect(codes(seen)).toEqual([])
    client.salt = salt
    await rig.advance(1_800_000)
    client.sendMessage(message(client))
    await rig.settle()
    expect(codes(seen)).toEqual([48])
  })

  it('of another key is wrong', async () => {
    const { rig, client, seen } = setUp()
    client.salt = rig.salt(rig.authKeys.make())
    client.sendMessage(message(client))
    await rig.settle()
    expect(codes(seen)).toEqual([48])
  })
})

describe('containers', () => {
  const broken: [string, (client: ClientSession) => Buffer][] = [
    [
      'with more than 1020 messages',
      (client) => writeContainer(Array.from({ length: 1021 }, () => message(client))),
    ],
    [
      'with a container inside',
      (client) => writeContainer([message(client, writeContainer([message(client)]))]),
    ],
    ['that is cut short', (client) => writeContainer([message(client), message(client)]).subarray(0, -4)],
    ['with bytes behind it', (client) => Buffer.concat([writeContainer([message(client)]), Buffer.alloc(4)])],
    [
      'with a length that is no multiple of 4',
      (client) => {
        const body = writeContainer([message(client)])
        body.writeUInt32LE(3, 20)
        return body
      },
    ],
    [
      'with a message id above its own',
      (client) => writeContainer([{ ...message(client), msgId: client.nextMsgId() + (1n << 32n) }]),
    ],
    [
      'with a message id of a server',
      (client) => writeContainer([{ ...message(client), msgId: client.nextMsgId() + 1n }]),
    ],
  ]

  it.each(broken)('64 for one %s, and nothing in it runs', async (_name, make) => {
    const { rig, client, seen } = setUp()
    const body = make(client)
    client.sendMessage({ msgId: client.nextMsgId(), seqNo: client.nextSeqNo(false), body })
    await rig.settle()
    expect(codes(seen)).toEqual([64])
    expect(rig.calls.length).toBe(0)
  })

  it('carry messages that are too old to come alone', async () => {
    const { rig, client, seen } = setUp()
    const old = message(client)
    await rig.advance(400_000)
    client.sendMessage({ msgId: client.nextMsgId(), seqNo: 2, body: writeContainer([old]) })
    await rig.settle()
    expect(codes(seen)).toEqual([])
    expect(rig.calls.length).toBe(1)
  })
})

describe('gzip_packed', () => {
  const packed = (data: Buffer) => {
    const head = Buffer.alloc(4)
    head.writeUInt32LE(id.GZIP_PACKED)
    return Buffer.concat([head, tlBytes(gzipSync(data))])
  }

  it('is taken off calls, containers and itself', async () => {
    const { rig, client, seen } = setUp()
    client.sendMessage(message(client, packed(call)))
    client.sendMessage(message(client, packed(packed(call))))
    const container = writeContainer([message(client), message(client, packed(call))])
    client.sendMessage({ msgId: client.nextMsgId(), seqNo: client.nextSeqNo(false), body: packed(container) })
    await rig.settle()
    expect(codes(seen)).toEqual([])
    expect(rig.calls.length).toBe(4)
  })

  it('may not expand beyond a bound, which all parts of a packet share', async () => {
    const { rig, client } = setUp({ limits: { unpackedBytes: 100_000 } })
    const bomb = packed(Buffer.alloc(60_000))
    const errors: string[] = []
    client.call(packed(Buffer.alloc(200_000)), (_result, error) => errors.push(error!.errorMessage))
    await rig.settle()
    client.sendTogether([message(client, bomb), message(client, bomb), message(client, packed(call))])
    await rig.settle()
    expect(errors).toEqual(['INPUT_REQUEST_INVALID'])
    expect(rig.calls.length).toBe(0)
  })

  it('of another stream, or nested without end, is refused', async () => {
    const { rig, client } = setUp()
    const errors: string[] = []
    const head = Buffer.alloc(4)
    head.writeUInt32LE(id.GZIP_PACKED)
    client.call(Buffer.concat([head, tlBytes(Buffer.from('no gzip at all'))]), (_r, error) =>
      errors.push(error!.errorMessage),
    )
    let deep = call
    for (let i = 0; i < 10; i++) deep = packed(deep)
    client.call(deep, (_result, error) => errors.push(error!.errorMessage))
    await rig.settle()
    expect(errors).toEqual(['INPUT_REQUEST_INVALID', 'INPUT_REQUEST_INVALID'])
    expect(rig.calls.length).toBe(0)
  })
})

describe('a packet', () => {
  it('that is not authentic closes the link without an answer', async () => {
    const { rig, client, link } = setUp()
    const packets: Buffer[] = []
    const { receiver } = link
    const record = (bytes: Uint8Array) => void packets.push(Buffer.from(bytes))
    link.receiver = { packet: record, drained: () => {}, closed: () => {} }
    client.sendMessage(message(client))
    packets[0]![40]! ^= 1
    receiver.packet(packets[0]!, false)
    await rig.settle()
    expect(link.isClosed).toBe(true)
    expect(link.transportError).toBeUndefined()
    expect(link.sent.length).toBe(0)
    expect(rig.calls.length).toBe(0)
  })

  it('played back on another link does not move the session there', async () => {
    const { rig, client, link, seen } = setUp()
    const packets: Buffer[] = []
    const { receiver } = link
    link.receiver = {
      packet: (bytes, quick) => {
        packets.push(Buffer.from(bytes))
        receiver.packet(bytes, quick)
      },
      drained: () => {},
      closed: () => {},
    }
    client.sendMessage(message(client))
    client.sendTogether([message(client), message(client)])
    await rig.settle()
    const thief = rig.link()
    for (const packet of packets) thief.receiver.packet(packet, false)
    await rig.settle()
    expect(rig.calls.length).toBe(3)
    for (const session of rig.attached) session.push({ _: 'updatesTooLong' })
    await rig.settle()
    expect(seen.updates.length).toBe(1)
    // The refusal of the repeated container goes to whoever sent it and says nothing.
    expect(thief.sent.length).toBe(1)
  })

  it('is acknowledged quickly when asked, unless it is refused', async () => {
    const { rig, client, link } = setUp()
    const { receiver } = link
    link.receiver = {
      ...receiver,
      packet: (bytes) => receiver.packet(bytes, true),
      drained: () => {},
      closed: () => {},
    }
    client.sendMessage(message(client))
    client.sendMessage({ msgId: idAt(rig.nowMs - 400_000), seqNo: 3, body: call })
    await rig.settle()
    expect(link.quickAcks.length).toBe(1)
    expect(link.quickAcks[0]! >>> 31).toBe(1)
  })
})
