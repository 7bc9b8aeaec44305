import {
  type AnyCall,
  decodeObject,
  encodeCall,
  encodeObject,
  type Mt,
  type MtObject,
  type RpcError,
} from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import { openServerPacket } from '../crypto/packet.ts'
import { Rig, type Seen } from './rig.fixture.ts'
import { SALT_PERIOD_S } from './salts.ts'

const body = encodeCall({ _: 'updates.getState' } satisfies AnyCall)
const state = { _: 'updates.state', pts: 1, qts: 0, date: 1, seq: 0, unreadCount: 0 }

async function setUp() {
  const rig = new Rig()
  const key = rig.authKeys.make({ userId: 5 })
  rig.answer = async () => state
  const user = rig.client(key)
  user.client.sendService(service({ _: 'ping', pingId: 0n }))
  await rig.settle()
  user.seen.service.length = 0
  return { rig, key, user, ...user }
}

function service(message: MtObject): Buffer {
  return encodeObject(message)
}

function seenOf<N extends MtObject['_']>(seen: Seen, name: N): Mt<N>[] {
  return seen.service
    .map((message) => decodeObject(message.body) as MtObject)
    .filter((message) => message._ === name) as Mt<N>[]
}

/** A promise that never settles by itself. */
const never = () => new Promise<unknown>(() => {})

describe('ping', () => {
  it('is answered by pong with both ids', async () => {
    const { rig, client, seen } = await setUp()
    const msgId = client.sendService(service({ _: 'ping', pingId: 77n }))
    await rig.settle()
    expect(seenOf(seen, 'pong')).toEqual([{ _: 'pong', msgId, pingId: 77n }])
  })

  it('with a delay closes the link unless another comes in time', async () => {
    const { rig, client, link, seen } = await setUp()
    for (let i = 0; i < 3; i++) {
      client.sendService(service({ _: 'ping_delay_disconnect', pingId: BigInt(i), disconnectDelay: 10 }))
      await rig.advance(9_000)
      expect(link.isClosed).toBe(false)
    }
    expect(seenOf(seen, 'pong').length).toBe(3)
    await rig.advance(1_500)
    expect(link.isClosed).toBe(true)
    expect(rig.attached.size).toBe(0)
  })
})

describe('get_future_salts', () => {
  it.each([
    [1, 1],
    [32, 32],
    [64, 64],
    [1000, 64],
    [0, 1],
  ])('asked for %d gives %d, which follow one another with an overlap', async (asked, given) => {
    const { rig, key, client, seen } = await setUp()
    const reqMsgId = client.sendService(service({ _: 'get_future_salts', num: asked }))
    await rig.settle()
    const [answer] = seenOf(seen, 'future_salts')
    expect(answer).toMatchObject({ reqMsgId, now: Math.floor(rig.nowMs / 1000) })
    expect(answer!.salts.length).toBe(given)
    expect(answer!.salts[0]!.salt).toBe(rig.salt(key))
    answer!.salts.forEach((salt, i) => {
      expect(salt.validUntil - salt.validSince).toBe(2 * SALT_PERIOD_S)
      expect(salt.validSince).toBe(answer!.salts[0]!.validSince + i * SALT_PERIOD_S)
    })
    const next = answer!.salts[1]
    if (!next) return
    rig.nowMs = next.validSince * 1000
    client.salt = next.salt
    client.call(body, () => {})
    await rig.settle()
    expect(seenOf(seen, 'bad_server_salt')).toEqual([])
    expect(rig.calls.length).toBe(1)
  })
})

describe('msgs_state_req', () => {
  it('tells what became of each message; bit 64 only when the answer has gone out', async () => {
    const { rig, client, link, seen } = await setUp()
    const early = client.nextMsgId()
    const done = client.call(body, () => {})
    await rig.settle()
    rig.answer = never
    const runs = client.call(body, () => {})
    const ask = (msgIds: bigint[]) => client.sendService(service({ _: 'msgs_state_req', msgIds }))
    ask([early, done, runs, client.nextMsgId() + (1n << 40n)])
    await rig.settle()
    const info = seenOf(seen, 'msgs_state_info')[0]!.info
    expect(info[0]).toBe(2)
    expect(info[1]! & (4 | 32 | 64)).toBe(4 | 32 | 64)
    expect(info[2]! & (4 | 32 | 64)).toBe(4 | 32)
    expect(info[3]).toBe(3)

    // The answer is there, but the link takes nothing: it has not gone out.
    rig.answer = async () => state
    link.buffered = 1e9
    const waits = client.call(body, () => {})
    await rig.settle()
    ask([waits])
    await rig.settle()
    link.buffered = 0
    link.receiver.drained()
    await rig.settle()
    expect(seenOf(seen, 'msgs_state_info')[1]!.info[0]! & 64).toBe(0)
  })
})

describe('msg_resend_req', () => {
  it('sends a kept message again, and tells the state where there is none', async () => {
    const { rig, key, client, link, seen } = await setUp()
    let results = 0
    client.call(body, () => results++)
    const { onPacket } = link
    link.onPacket = undefined
    await rig.settle()
    link.onPacket = onPacket
    const push = [...rig.attached][0]!
    link.onPacket = undefined
    push.push({ _: 'updatesTooLong' })
    await rig.settle()
    link.onPacket = onPacket
    expect([results, seen.updates.length]).toEqual([0, 0])
    // Which ids the client lacks it learns from a detailed info; here they are known to be the last two.
    const sent = link.sent.slice(-2).map((packet) => openServerPacket(key.key, packet)!.msgId)
    client.sendService(service({ _: 'msg_resend_req', msgIds: sent }))
    await rig.settle()
    expect([results, seen.updates.length]).toEqual([1, 1])
    client.sendService(service({ _: 'msg_resend_req', msgIds: [1n] }))
    await rig.settle()
    expect(seenOf(seen, 'msgs_state_info').length).toBe(1)
  })
})

describe('rpc_drop_answer', () => {
  async function drop(
    rig: Rig,
    client: { call: (body: Buffer, done: (r: Buffer | undefined) => void) => bigint },
    reqMsgId: bigint,
  ) {
    let answer: unknown
    client.call(service({ _: 'rpc_drop_answer', reqMsgId }), (result) => {
      answer = decodeObject(result!)
    })
    await rig.settle()
    return answer
  }

  it('of a running call means that no answer comes', async () => {
    const { rig, client } = await setUp()
    let finish = (_value: unknown) => {}
    rig.answer = () =>
      new Promise((resolve) => {
        finish = resolve
      })
    let answered = false
    const msgId = client.call(body, () => {
      answered = true
    })
    expect(await drop(rig, client, msgId)).toEqual({ _: 'rpc_answer_dropped_running' })
    finish(state)
    await rig.settle()
    expect(answered).toBe(false)
  })

  it('of an answered call forgets the answer, and of an unknown one says so', async () => {
    const { rig, client } = await setUp()
    const msgId = client.call(body, () => {})
    await rig.settle()
    expect(await drop(rig, client, msgId)).toMatchObject({ _: 'rpc_answer_dropped', bytes: 36 })
    expect(await drop(rig, client, msgId)).toEqual({ _: 'rpc_answer_unknown' })
  })
})

describe('destroy_session', () => {
  it('ends another session of the key, and no other', async () => {
    const { rig, key, client, seen } = await setUp()
    const other = rig.client(key)
    other.client.call(body, () => {})
    await rig.settle()
    const idOf = (hex: string) => Buffer.from(hex, 'hex').readBigInt64LE(0)
    for (const sessionId of [idOf(other.client.sessionId), 5n, idOf(client.sessionId)]) {
      client.sendService(service({ _: 'destroy_session', sessionId }))
    }
    await rig.settle()
    expect(seenOf(seen, 'destroy_session_ok').map((ok) => ok.sessionId)).toEqual([
      idOf(other.client.sessionId),
    ])
    expect(seenOf(seen, 'destroy_session_none').length).toBe(2)
    expect(rig.attached.size).toBe(0)
    expect(rig.engine.sessionCount()).toBe(1)
  })

  it('of a stranger key ends nothing', async () => {
    const { rig, user } = await setUp()
    const stranger = rig.client(rig.authKeys.make({ userId: 6 }))
    const sessionId = Buffer.from(user.client.sessionId, 'hex').readBigInt64LE(0)
    stranger.client.sendService(service({ _: 'destroy_session', sessionId }))
    await rig.settle()
    expect(seenOf(stranger.seen, 'destroy_session_none').length).toBe(1)
    expect(rig.engine.sessionCount()).toBe(2)
  })
})

describe('destroy_auth_key', () => {
  it('is answered, and the next frame of the key gets -404', async () => {
    const { rig, key, client, link, seen } = await setUp()
    const other = rig.client(key)
    other.client.call(body, () => {})
    await rig.settle()
    client.sendService(service({ _: 'destroy_auth_key' }))
    await rig.settle()
    expect(seenOf(seen, 'destroy_auth_key_ok').length).toBe(1)
    expect(rig.engine.sessionCount()).toBe(0)
    expect(rig.attached.size).toBe(0)
    expect(rig.authKeys.keys.has(key.id)).toBe(false)
    for (const each of [{ client, link }, other]) {
      each.client.call(body, () => {})
      await rig.settle()
      expect(each.link.transportError).toBe(-404)
    }
    expect(rig.calls.length).toBe(1)
  })

  it('refuses frames from its very beginning', async () => {
    const { rig, client, link } = await setUp()
    let open = () => {}
    rig.authKeys.gate = new Promise((resolve) => {
      open = resolve
    })
    client.sendTogether([
      { msgId: client.nextMsgId(), seqNo: 2, body: service({ _: 'destroy_auth_key' }) },
      { msgId: client.nextMsgId(), seqNo: 3, body },
    ])
    client.call(body, () => {})
    expect(link.transportError).toBe(-404)
    open()
    await rig.settle()
    expect(rig.calls.length).toBe(0)
  })
})

describe('a key that is ended from outside', () => {
  it('has no sessions any more, and its links get -404', async () => {
    const { rig, key, client, link } = await setUp()
    client.call(body, () => {})
    await rig.settle()
    rig.authKeys.keys.delete(key.id)
    rig.engine.dropKey(key.id)
    expect(link.transportError).toBe(-404)
    expect(rig.attached.size).toBe(0)
    expect(rig.engine.sessionCount()).toBe(0)
  })

  it('gets -404 with its next frame even when nobody told the engine', async () => {
    const { rig, key, client, link } = await setUp()
    rig.authKeys.keys.delete(key.id)
    const errors: (RpcError | undefined)[] = []
    client.call(body, (_result, error) => errors.push(error))
    await rig.settle()
    expect(link.transportError).toBe(-404)
    expect(rig.calls.length).toBe(0)
  })

  it('is told something though nobody is logged in on it, while it is connected', async () => {
    const { rig, key, client, link } = await setUp()
    client.call(body, () => {})
    await rig.settle()
    delete key.userId
    rig.engine.keyChanged(key.id)
    const before = link.sent.length
    const updates = { _: 'updateShort', update: { _: 'updateLoginToken' }, date: 1 }
    rig.engine.tell(key.id, updates)
    await rig.settle()
    expect(link.sent.length).toBe(before + 1)
  })

  it('logged in or out elsewhere attaches and detaches its sessions', async () => {
    const { rig, key, client } = await setUp()
    client.call(body, () => {})
    await rig.settle()
    delete key.userId
    rig.engine.keyChanged(key.id)
    expect(rig.attached.size).toBe(0)
    key.userId = 8
    rig.engine.keyChanged(key.id)
    expect([...rig.attached].map((session) => session.userId)).toEqual([8])
  })
})
