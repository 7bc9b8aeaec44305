import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AnyCall, encodeCall, VECTOR_ID } from '@heliograph/schemas/tl'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshPhone } from '../people.ts'
import { LOGIN_CODE, ServerProcess } from '../server.ts'
import { type Forged, forgedPacket, packed, words } from './forgery.ts'
import { logIn, RawClient, rawIntroduced } from './raw-client.ts'
import { dial, RawLink } from './raw-link.ts'

const BAD_MSG = 0xa7eff811
const BAD_SALT = 0xedab447b
const PONG = 0x347773c5
const NEW_SESSION = 0x9ec20908
const DESTROY_AUTH_KEY = 0xd1435160
const DESTROY_AUTH_KEY_OK = 0xf660e1d4
const MIB = 1024 * 1024
const getState = { _: 'updates.getState' }
const ping = () => Buffer.concat([words(0x7abe77ec), randomBytes(8)])

/** Everything here is done to one server, over sockets; at its end the server has not noticed a fault of its own. */
describe('packets that no honest client sends', () => {
  let server: ServerProcess
  let honest: RawClient

  beforeAll(async () => {
    server = await ServerProcess.start(['--login-code', LOGIN_CODE])
    honest = await RawClient.open(server.endpoints)
    await logIn(honest, freshPhone(), 'Honest', () => LOGIN_CODE)
  })
  afterAll(async () => {
    honest.close()
    await server?.dispose()
  })

  const stranger = () => RawClient.open(server.endpoints)
  async function known(): Promise<RawClient> {
    const client = await stranger()
    await client.call({ _: 'help.getNearestDc' })
    return client
  }

  const forgeries: [string, Forged][] = [
    ['a message key that leaves out the padding', { keyOverBodyOnly: true }],
    ['a negative length', { length: -4 }],
    ['a length that is no multiple of 4', { length: 6 }],
    ['a length beyond the packet', { length: 64 }],
    ['too little padding', { paddingBytes: 8 }],
    ['too much padding', { paddingBytes: 1032 }],
  ]
  it.each(forgeries)('with %s end the connection without a word', async (_name, forged) => {
    const client = await known()
    const before = client.services.length
    client.link.send(forgedPacket(client, forged))
    expect(await client.link.untilClosed()).toBeUndefined()
    expect(client.services.length).toBe(before)
  })

  it('are told from honest ones, which the forger can make too', async () => {
    const client = await known()
    client.link.send(forgedPacket(client, { body: ping() }))
    await client.service(PONG)
    client.close()
  })

  it('that were tampered with, at any place, end the connection without a word', async () => {
    for (const at of [8, 23, 24, 40, 60]) {
      const client = await known()
      const packet = forgedPacket(client, { body: ping() })
      packet[at]! ^= 1
      client.link.send(packet)
      expect(await client.link.untilClosed()).toBeUndefined()
    }
  })

  it('of an unknown key get -404', async () => {
    const link = await RawLink.open(server.endpoints)
    link.send(randomBytes(120))
    expect(await link.untilClosed()).toBe(-404)
  })

  async function refusal(send: (client: RawClient) => void): Promise<number> {
    const client = await known()
    send(client)
    const { body } = await client.service(BAD_MSG)
    client.close()
    return body.readInt32LE(16)
  }
  const idAt = (seconds: number) => BigInt(Math.floor(Date.now() / 1000) + seconds) << 32n

  it('have message ids of the past, of the future, odd, or repeated', async () => {
    const withId = (msgId: bigint) =>
      refusal((client) => client.session.sendMessage({ msgId, seqNo: 1, body: ping() }))
    expect(await withId(idAt(-310))).toBe(16)
    expect(await withId(idAt(40))).toBe(17)
    expect(await withId(idAt(0) | 2n)).toBe(18)
    const twice = await refusal(({ session }) => {
      const msgId = session.nextMsgId()
      const inner = { msgId: msgId - 4n, seqNo: session.nextSeqNo(true), body: ping() }
      const body = Buffer.concat([words(0x73f1f8dc, 1), message(inner.msgId, inner.seqNo, inner.body)])
      const container = { msgId, seqNo: session.nextSeqNo(false), body }
      session.sendMessage(container)
      session.sendMessage(container)
    })
    expect(twice).toBe(19)
  })

  it('have sequence numbers that are too low, too high, or of the wrong parity', async () => {
    const inOrder = (first: number, second: number, idOffset: bigint) =>
      refusal(({ session }) => {
        const msgId = session.nextMsgId() + 400n
        session.sendMessage({ msgId, seqNo: first, body: ping() })
        session.sendMessage({ msgId: msgId + idOffset, seqNo: second, body: ping() })
      })
    expect(await inOrder(101, 51, 4n)).toBe(32)
    expect(await inOrder(101, 151, -4n)).toBe(33)
    const call = encodeCall(rawIntroduced({ _: 'help.getNearestDc' }))
    const even = refusal(({ session }) =>
      session.sendMessage({ msgId: session.nextMsgId(), seqNo: 40, body: call }),
    )
    expect(await even).toBe(35)
  })

  it('with a wrong salt are told the right one, and an honest client goes on with it', async () => {
    const client = await known()
    client.session.salt ^= 1n
    await client.call({ _: 'help.getNearestDc' })
    const { body } = await client.service(BAD_SALT)
    expect(client.session.salt).toBe(body.readBigInt64LE(20))
    client.close()
  })

  it('with more than 1020 messages are refused as a whole', async () => {
    const code = await refusal(({ session }) => {
      const messages = Array.from({ length: 1021 }, () =>
        message(session.nextMsgId(), session.nextSeqNo(true), ping()),
      )
      const body = Buffer.concat([words(0x73f1f8dc, messages.length), ...messages])
      session.sendMessage({ msgId: session.nextMsgId(), seqNo: session.nextSeqNo(false), body })
    })
    expect(code).toBe(64)
  })

  it('may not expand, nest or count beyond their bounds', async () => {
    const client = await known()
    const result = (body: Buffer) =>
      new Promise<string>((resolve) => {
        client.session.call(body, (_, error) => resolve(error?.errorMessage ?? 'accepted'))
      })
    let matryoshka = encodeCall({ _: 'help.getNearestDc' })
    for (let i = 0; i < 200; i++) matryoshka = packed(matryoshka)
    const getUsers = encodeCall({ _: 'users.getUsers', id: [] }).readInt32LE(0)
    const withoutUpdates = encodeCall({
      _: 'invokeWithoutUpdates',
      query: { _: 'help.getNearestDc' },
    } as AnyCall).readInt32LE(0)
    for (const bomb of [
      packed(Buffer.alloc(64 * MIB)),
      matryoshka,
      words(getUsers, VECTOR_ID, 0x7fffffff),
      Buffer.alloc(800_000, words(withoutUpdates)),
      packed(
        encodeCall({ _: 'messages.getMessages', id: Array(1_000_000).fill({ _: 'inputMessagePinned' }) }),
      ),
    ])
      expect(await result(bomb)).toBe('INPUT_REQUEST_INVALID')
    client.close()
  })

  it.each(['abridged', 'intermediate', 'padded', 'full'] as const)(
    'above a mebibyte end a connection over %s before they have arrived',
    async (transport) => {
      const link = await RawLink.open(server.endpoints, { transport })
      const framed = Buffer.alloc(transport === 'full' ? 12 : 4)
      if (transport === 'abridged') framed.writeUInt32LE(((MIB + 4) / 4) * 256 + 0x7f)
      else framed.writeUInt32LE(MIB + 64)
      link.socket.write(framed)
      expect(await link.untilClosed()).toBeUndefined()
    },
  )

  it('that are garbage never harm anybody else', async () => {
    const openings = ['', 'ef', 'eeeeeeee', 'dddddddd', '1400000000000000']
    for (let i = 0; i < 100; i++) {
      const socket = await dial(server.endpoints)
      socket.on('error', () => {})
      const closed = once(socket.resume(), 'close')
      const opening = Buffer.from(openings[i % openings.length]!, 'hex')
      socket.end(Buffer.concat([opening, randomBytes(1 + i * 41)]))
      await closed
    }
    expect(await honest.call(getState)).toMatchObject({ _: 'updates.state' })
  })

  it('of a temporary key that is not bound are answered with 401', async () => {
    const link = await RawLink.open(server.endpoints)
    const client = new RawClient(link, await link.exchange(server.endpoints, { expiresIn: 1000 }))
    const refused = client.call(getState)
    await expect(refused).rejects.toMatchObject({ code: 401, errorMessage: 'AUTH_KEY_PERM_EMPTY' })
    client.close()
  })

  it('of a destroyed key get -404, on every connection', async () => {
    const client = await known()
    const other = await client.again(server.endpoints)
    await other.call({ _: 'help.getNearestDc' })
    client.session.sendService(words(DESTROY_AUTH_KEY), true)
    await client.service(DESTROY_AUTH_KEY_OK)
    other.session.sendService(ping(), true)
    expect(await other.link.untilClosed()).toBe(-404)
    const third = await client.again(server.endpoints)
    third.session.sendService(ping(), true)
    expect(await third.link.untilClosed()).toBe(-404)
  })

  it('of one key open a bounded number of sessions: the oldest ends', async () => {
    const client = await known()
    await client.service(NEW_SESSION)
    const sessions: RawClient[] = []
    for (let i = 0; i < 32; i++) {
      const next = await client.again(server.endpoints)
      await next.call({ _: 'help.getNearestDc' })
      sessions.push(next)
    }
    client.services.length = 0
    await client.call({ _: 'help.getNearestDc' })
    await client.service(NEW_SESSION)
    for (const each of [client, ...sessions]) each.close()
  })

  it('have not made the server fail', async () => {
    expect(await honest.call(getState)).toMatchObject({ _: 'updates.state' })
    expect(server.output.filter((line) => line.includes('"level":50'))).toEqual([])
  })
})

/** A message as it stands in a container. */
function message(msgId: bigint, seqNo: number, body: Buffer): Buffer {
  const header = Buffer.alloc(16)
  header.writeBigInt64LE(msgId, 0)
  header.writeInt32LE(seqNo, 8)
  header.writeInt32LE(body.length, 12)
  return Buffer.concat([header, body])
}
