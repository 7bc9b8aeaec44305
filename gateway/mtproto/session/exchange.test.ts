import { type AnyCall, encodeCall } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import { authKeyIdOf } from '../crypto/auth-key-id.ts'
import { ClientExchange, type ClientKey } from '../handshake/client.ts'
import { generateRsaKey } from '../handshake/rsa-key.ts'
import type { LinkKind } from '../ports.ts'
import { ClientSession } from './client.ts'
import { type MemoryLink, Rig } from './rig.fixture.ts'

const rsaKey = generateRsaKey()
const call = encodeCall({
  _: 'invokeWithLayer',
  layer: 223,
  query: {
    _: 'initConnection',
    apiId: 1,
    deviceModel: 'd',
    systemVersion: 's',
    appVersion: 'a',
    systemLangCode: 'en',
    langPack: '',
    langCode: 'en',
    query: { _: 'help.getNearestDc' },
  },
} satisfies AnyCall)

/** Runs a key exchange; over http every packet takes a link of its own. */
async function exchange(
  rig: Rig,
  kind: LinkKind = 'tcp',
  options = {},
): Promise<{ key: ClientKey; link: MemoryLink }> {
  const client = new ClientExchange({ rsaKey, ...options })
  let link = rig.link(kind)
  let packet = client.start(rig.nowMs)
  for (let round = 0; round < 5; round++) {
    link.receiver.packet(packet, false)
    for (let i = 0; i < 20 && link.sent.length === 0; i++) await rig.settle()
    const outcome = client.receive(link.sent.splice(0)[0]!, rig.nowMs)
    if (outcome.completed) return { key: outcome.completed, link }
    packet = outcome.reply!
    if (kind === 'http') link = rig.link(kind)
  }
  throw new Error('the exchange did not end')
}

function sessionOn(rig: Rig, key: ClientKey, link: MemoryLink): ClientSession {
  const session = new ClientSession({
    authKey: key.authKey,
    salt: key.serverSalt,
    now: () => rig.nowMs,
    send: (packet) => link.receiver.packet(packet, false),
  })
  link.onPacket = (packet) => void session.receive(packet)
  return session
}

describe('a key exchange', () => {
  it.each(['tcp', 'websocket', 'http'] as const)(
    'over %s makes a durable key, whose first salt is good',
    async (kind) => {
      const rig = new Rig({ rsaKey })
      rig.answer = async () => ({ _: 'nearestDc', country: '', thisDc: 2, nearestDc: 2 })
      const { key } = await exchange(rig, kind)
      expect(rig.authKeys.keys.get(authKeyIdOf(key.authKey))?.key.equals(key.authKey)).toBe(true)
      const link = rig.link(kind)
      const session = sessionOn(rig, key, link)
      let answered = false
      session.call(call, () => {
        answered = true
      })
      await rig.settle()
      expect(answered).toBe(true)
      // new_session_created and the answer, in one packet over http: no bad_server_salt
      expect(link.sent.length).toBe(kind === 'http' ? 1 : 2)
    },
  )

  it('leaves a first salt that is good at every gateway, for a day', async () => {
    const made = new Rig({ rsaKey })
    const { key } = await exchange(made)
    for (const [ageMs, packets] of [
      [0, 2],
      [23 * 3600_000, 2],
      [25 * 3600_000, 3],
    ] as const) {
      const other = new Rig({ rsaKey })
      for (const [id, each] of made.authKeys.keys) other.authKeys.keys.set(id, each)
      other.nowMs += ageMs
      other.answer = async () => ({ _: 'nearestDc', country: '', thisDc: 2, nearestDc: 2 })
      const link = other.link()
      const session = sessionOn(other, key, link)
      const answered: boolean[] = []
      session.call(call, () => void answered.push(true))
      await other.settle()
      expect(answered).toEqual([true])
      // new_session_created, the answer, and where the salt is too old bad_server_salt before them.
      expect(link.sent.length).toBe(packets)
    }
  })

  it('of a temporary key remembers when it ends', async () => {
    const rig = new Rig({ rsaKey })
    const { key } = await exchange(rig, 'tcp', { expiresIn: 1000 })
    const stored = rig.authKeys.keys.get(authKeyIdOf(key.authKey))
    expect(stored?.expiresAt).toBe(Math.floor(rig.nowMs / 1000) + 1000)
  })

  it('is confirmed only after the store has the key, and what comes meanwhile waits', async () => {
    const rig = new Rig({ rsaKey })
    const client = new ClientExchange({ rsaKey })
    const link = rig.link()
    const say = async (packet: Buffer) => {
      link.receiver.packet(packet, false)
      await rig.settle()
      const [answer] = link.sent.splice(0)
      return answer && client.receive(answer, rig.nowMs)
    }
    const first = await say(client.start(rig.nowMs))
    const second = await say(first!.reply!)
    let open = () => {}
    rig.authKeys.gate = new Promise((resolve) => {
      open = resolve
    })
    expect(await say(second!.reply!)).toBeUndefined()
    expect(rig.authKeys.keys.size).toBe(0)
    open()
    await rig.settle()
    expect(client.receive(link.sent[0]!, rig.nowMs).completed).toBeDefined()
    expect(rig.authKeys.keys.size).toBe(1)
  })

  it('that fails closes the link without an answer', async () => {
    const rig = new Rig({ rsaKey })
    const link = rig.link()
    link.receiver.packet(Buffer.alloc(40), false)
    await rig.settle()
    expect(link.isClosed).toBe(true)
    expect(link.sent.length).toBe(0)
    expect(link.transportError).toBeUndefined()
  })

  it('is not disturbed by a packet of an unknown key: no -404 then', async () => {
    const rig = new Rig({ rsaKey })
    const client = new ClientExchange({ rsaKey })
    const link = rig.link()
    link.receiver.packet(client.start(rig.nowMs), false)
    link.receiver.packet(Buffer.alloc(120, 3), false)
    await rig.settle()
    expect(link.transportError).toBeUndefined()
    expect(link.isClosed).toBe(false)
    const stranger = rig.link()
    stranger.receiver.packet(Buffer.alloc(120, 3), false)
    await rig.settle()
    expect(stranger.transportError).toBe(-404)
  })

  it('that stays half open ends after a while', async () => {
    const rig = new Rig({ rsaKey })
    const link = rig.link()
    link.receiver.packet(new ClientExchange({ rsaKey }).start(rig.nowMs), false)
    await rig.advance(31_000)
    expect(link.isClosed).toBe(true)
  })

  it('is one of a bounded number, per address and together', async () => {
    for (const limits of [{ openExchangesPerAddress: 2 }, { openExchanges: 2 }]) {
      const rig = new Rig({ rsaKey, limits })
      const links = [rig.link(), rig.link(), rig.link()]
      for (const link of links) link.receiver.packet(new ClientExchange({ rsaKey }).start(rig.nowMs), false)
      await rig.settle()
      expect(links.map((link) => link.transportError)).toEqual([undefined, undefined, -429])
      links[0]!.receiver.closed()
      const next = rig.link()
      next.receiver.packet(new ClientExchange({ rsaKey }).start(rig.nowMs), false)
      await rig.settle()
      expect(next.transportError).toBeUndefined()
    }
  })

  it('is refused to an address that begins too many', async () => {
    const rig = new Rig({ rsaKey, limits: { exchangesPerAddress: { capacity: 1, refillPerSecond: 0.1 } } })
    await exchange(rig)
    const link = rig.link()
    link.receiver.packet(new ClientExchange({ rsaKey }).start(rig.nowMs), false)
    expect(link.transportError).toBe(-429)
    await rig.advance(10_000)
    await exchange(rig)
  })
})

describe('the key of a packet', () => {
  it('is loaded when it is not in the cache, and the packets keep their order', async () => {
    const rig = new Rig()
    const key = rig.authKeys.make({ userId: 5 })
    rig.authKeys.uncached.add(key.id)
    let open = () => {}
    rig.authKeys.gate = new Promise((resolve) => {
      open = resolve
    })
    const { client } = rig.client(key)
    const ids = Array.from({ length: 5 }, () => client.call(encodeCall({ _: 'updates.getState' }), () => {}))
    await rig.settle()
    expect(rig.calls.length).toBe(0)
    open()
    await rig.settle()
    expect(rig.calls.map(({ caller }) => caller.msgId)).toEqual(ids)
  })

  it('that takes long to load does not let packets pile up', async () => {
    const rig = new Rig({ limits: { waitingPackets: 3 } })
    const key = rig.authKeys.make({ userId: 5 })
    rig.authKeys.uncached.add(key.id)
    rig.authKeys.gate = new Promise(() => {})
    const { client, link } = rig.client(key)
    for (let i = 0; i < 6; i++) client.call(encodeCall({ _: 'updates.getState' }), () => {})
    expect(link.isClosed).toBe(true)
  })

  it('that nobody knows gets -404', async () => {
    const rig = new Rig()
    const key = rig.authKeys.make()
    rig.authKeys.keys.delete(key.id)
    const { client, link } = rig.client(key)
    client.call(call, () => {})
    await rig.settle()
    expect(link.transportError).toBe(-404)
  })
})
