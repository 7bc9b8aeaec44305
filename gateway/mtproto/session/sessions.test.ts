import { type AnyCall, decodeObject, encodeCall, encodeObject, type RpcError } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import { randomBytes } from '../crypto/random.ts'
import * as id from './constructors.ts'
import { Rig } from './rig.fixture.ts'
import { msgsAck } from './service-bodies.ts'

const getState: AnyCall = { _: 'updates.getState' }
const body = encodeCall(getState)
const state = { _: 'updates.state', pts: 1, qts: 0, date: 1, seq: 0, unreadCount: 0 }
const tooLong = { _: 'updatesTooLong' } as const

function setUp(limits = {}) {
  const rig = new Rig({ limits })
  const key = rig.authKeys.make({ userId: 5 })
  rig.answer = async () => state
  return { rig, key, user: rig.client(key) }
}

/** Later server messages, without the client taking notice. */
function mute(link: { onPacket: unknown }): void {
  link.onPacket = undefined
}

describe('an answer', () => {
  it('is sent again on a new connection until it is acknowledged', async () => {
    const { rig, user } = setUp()
    const { client, link: first } = user
    mute(first)
    const results: string[] = []
    client.call(body, (result) => results.push(decodeObject(result!)._))
    await rig.settle()
    expect(results).toEqual([])
    first.receiver.closed()
    user.link = rig.link()
    client.sendService(pingBody(1n))
    await rig.settle()
    expect(results).toEqual(['updates.state'])
    expect(rig.calls.length).toBe(1)

    client.flush() // acknowledges
    user.link.receiver.closed()
    user.link = rig.link()
    const before = user.seen.service.length
    client.sendService(pingBody(2n))
    await rig.settle()
    expect(user.link.sent.length).toBe(1)
    expect(user.seen.service.slice(before).map((message) => message.id)).toEqual([id.PONG])
  })

  it('is sent again when its request is repeated, which runs once', async () => {
    const { rig, user } = setUp()
    const { client, link } = user
    await rig.settle()
    mute(link)
    const answers: number[] = []
    client.call(body, (result) => answers.push(result!.length))
    await rig.settle()
    link.onPacket = (packet) => void client.receive(packet)
    client.sendPendingAgain()
    await rig.settle()
    expect(answers).toEqual([24])
    expect(rig.calls.length).toBe(1)
  })

  it('that is not there yet is not asked for twice: the request is acknowledged', async () => {
    const { rig, user } = setUp()
    let finish = (_value: unknown) => {}
    rig.answer = () =>
      new Promise((resolve) => {
        finish = resolve
      })
    const answers: number[] = []
    const msgId = user.client.call(body, (result) => answers.push(result!.length))
    await rig.settle()
    user.client.sendPendingAgain()
    await rig.settle()
    const acks = user.seen.service.filter((message) => message.id === id.MSGS_ACK)
    expect(acks.map((ack) => ack.body.readBigInt64LE(12))).toEqual([msgId])
    finish(state)
    await rig.settle()
    expect(rig.calls.length).toBe(1)
    expect(answers.length).toBe(1)
  })

  it('that takes long is preceded by an acknowledgement, a quick one is not', async () => {
    const { rig, user } = setUp()
    user.client.call(body, () => {})
    await rig.settle()
    await rig.advance(1_000)
    expect(user.seen.service.some((message) => message.id === id.MSGS_ACK)).toBe(false)
    rig.answer = () => new Promise(() => {})
    const msgId = user.client.call(body, () => {})
    await rig.settle()
    await rig.advance(1_000)
    const acks = user.seen.service.filter((message) => message.id === id.MSGS_ACK)
    expect(acks.map((ack) => ack.body.readBigInt64LE(12))).toEqual([msgId])
  })

  it('that had to be given up makes the repeated request a too old one', async () => {
    const { rig, user } = setUp({ keptAnswers: 2 })
    const errors: number[] = []
    const first = { msgId: user.client.nextMsgId(), seqNo: user.client.nextSeqNo(true), body }
    user.client.sendMessage(first)
    await rig.settle()
    for (let i = 0; i < 3; i++) {
      user.client.call(body, () => {})
      await rig.settle()
    }
    user.client.sendMessage(first)
    await rig.settle()
    for (const message of user.seen.service) {
      if (message.id === id.BAD_MSG_NOTIFICATION) errors.push(message.body.readInt32LE(16))
    }
    expect(errors).toEqual([20])
    expect(rig.calls.length).toBe(4)
  })
})

describe('calls of one session', () => {
  it('start in the order of their ids in the packet, whatever the answers do', async () => {
    const { rig, user } = setUp()
    const finish: ((value: unknown) => void)[] = []
    rig.answer = () => new Promise((resolve) => finish.push(resolve))
    const order: number[] = []
    const messages = Array.from({ length: 20 }, (_, i) => ({
      msgId: user.client.nextMsgId(),
      seqNo: user.client.nextSeqNo(true),
      body: encodeCall({ _: 'messages.getDialogFilters' }),
      i,
    }))
    user.client.sendTogether(messages)
    expect(rig.calls.map(({ caller }) => caller.msgId)).toEqual(messages.map(({ msgId }) => msgId))
    user.client.call(body, () => order.push(0))
    user.client.call(body, () => order.push(1))
    await rig.settle()
    finish[21]!(state)
    await rig.settle()
    finish[20]!(state)
    await rig.settle()
    expect(order).toEqual([1, 0])
  })

  it('are refused with FLOOD_WAIT when too many run', async () => {
    const { rig, user } = setUp({ runningCalls: 3 })
    rig.answer = () => new Promise(() => {})
    const errors: (RpcError | undefined)[] = []
    for (let i = 0; i < 4; i++) user.client.call(body, (_result, error) => errors.push(error))
    await rig.settle()
    expect(errors.map((error) => error?.errorMessage)).toEqual(['FLOOD_WAIT_1'])
  })
})

describe('a session', () => {
  it('detaches with its last link and takes the difference when it comes back', async () => {
    const { rig, user } = setUp()
    user.client.call(body, () => {})
    await rig.settle()
    expect(rig.attached.size).toBe(1)
    const [session] = [...rig.attached]
    user.link.receiver.closed()
    expect(rig.attached.size).toBe(0)
    expect(session!.push(tooLong)).toBe(false)
    user.link = rig.link()
    user.client.sendService(pingBody(1n))
    await rig.settle()
    expect(rig.attached.size).toBe(1)
    expect(user.seen.updates.map((update) => decodeObject(update))).toEqual([tooLong])
  })

  it('gets unacknowledged updates again on a new link, and takes the difference where some were given up', async () => {
    const { rig, user } = setUp({ keptPushes: 3 })
    user.client.call(body, () => {})
    await rig.settle()
    user.client.flush()
    await rig.settle()
    const [session] = [...rig.attached]
    const update = (date: number) => ({ _: 'updateShort', update: { _: 'updateConfig' }, date })
    const reconnect = async () => {
      user.link = rig.link()
      user.client.sendService(pingBody(1n))
      await rig.settle()
      const seen = user.seen.updates.splice(0).map((bytes) => decodeObject(bytes)._)
      user.client.flush()
      await rig.settle()
      return seen
    }
    mute(user.link)
    for (let i = 0; i < 2; i++) {
      session!.push(update(i))
      await rig.settle()
    }
    expect(await reconnect()).toEqual(['updateShort', 'updateShort'])
    expect(await reconnect()).toEqual([])
    mute(user.link)
    for (let i = 0; i < 5; i++) {
      session!.push(update(i))
      await rig.settle()
    }
    expect(await reconnect()).toEqual(['updateShort', 'updateShort', 'updateShort', 'updatesTooLong'])
  })

  it('is forgotten some time after its last link', async () => {
    const { rig, user } = setUp({ sessionLingerMs: 60_000 })
    user.client.call(body, () => {})
    await rig.settle()
    user.link.receiver.closed()
    await rig.advance(59_000)
    expect(rig.engine.sessionCount()).toBe(1)
    await rig.advance(2_000)
    expect(rig.engine.sessionCount()).toBe(0)
  })

  it('is one of a bounded number per key: the one without a link goes first', async () => {
    const { rig, key, user } = setUp({ sessionsPerKey: 3 })
    const users = [user, rig.client(key), rig.client(key)]
    for (const { client } of users) client.call(body, () => {})
    await rig.settle()
    users[1]!.link.receiver.closed()
    const next = rig.client(key)
    next.client.call(body, () => {})
    await rig.settle()
    expect(rig.engine.sessionCount()).toBe(3)
    expect([...rig.attached].map((session) => session.sessionId)).toEqual(
      [users[0]!, users[2]!, next].map(({ client }) => client.sessionId),
    )
  })

  it('uses its newest link, and the older one when that closes', async () => {
    const { rig, user } = setUp()
    const old = user.link
    user.client.call(body, () => {})
    await rig.settle()
    const sentOnOld = old.sent.length
    user.link = rig.link()
    user.client.call(body, () => {})
    await rig.settle()
    expect(old.sent.length).toBe(sentOnOld)
    expect(user.link.sent.length).toBe(1)
    user.link.receiver.closed()
    expect(rig.attached.size).toBe(1)
    for (const session of rig.attached) session.push(tooLong)
    await rig.settle()
    expect(old.sent.length).toBe(sentOnOld + 1)
  })

  it('gets its answers alone', async () => {
    const { rig, key, user } = setUp()
    const other = rig.client(key)
    other.client.call(body, () => {})
    await rig.settle()
    const sent = other.link.sent.length
    user.client.call(body, () => {})
    await rig.settle()
    expect(other.link.sent.length).toBe(sent)
  })
})

describe('packets to the client', () => {
  it('hold at most 1020 messages and some 64 KiB, and lose none', async () => {
    const { rig, user } = setUp()
    for (let i = 0; i < 2500; i++) user.client.sendService(pingBody(BigInt(i)))
    await rig.settle()
    const pongs = user.seen.service.filter((message) => message.id === id.PONG)
    expect(pongs.map(({ body: pong }) => pong.readBigInt64LE(12))).toEqual(
      Array.from({ length: 2500 }, (_, i) => BigInt(i)),
    )
    // new_session_created, and the pongs
    expect(user.link.sent.length).toBe(4)
    for (const packet of user.link.sent) expect(packet.length).toBeLessThan(66 * 1024)
  })

  it('offer a large answer again by its size, which is sent when asked for', async () => {
    const { rig, user } = setUp()
    const bytes = randomBytes(200_000)
    rig.answer = async () => ({ _: 'upload.file', type: { _: 'storage.filePng' }, mtime: 1, bytes })
    const getFile = encodeCall({
      _: 'upload.getFile',
      location: { _: 'inputTakeoutFileLocation' },
      offset: 0,
      limit: 262_144,
    })
    const { onPacket } = user.link
    mute(user.link)
    let size = 0
    user.client.call(getFile, (result) => {
      size = result!.length
    })
    await rig.settle()
    user.link.onPacket = onPacket
    user.client.sendPendingAgain()
    await rig.settle()
    const [offer] = user.seen.service.filter((message) => message.id === id.MSG_DETAILED_INFO)
    expect([size, offer!.body.readInt32LE(20)]).toEqual([0, 200_028])
    user.client.sendService(encodeObject({ _: 'msg_resend_req', msgIds: [offer!.body.readBigInt64LE(12)] }))
    await rig.settle()
    expect(size).toBe(200_016)
    expect(rig.calls.length).toBe(1)
  })
})

describe('a slow reader', () => {
  it('loses its queue, is detached, and takes the difference once it reads', async () => {
    const { rig, user } = setUp({ outboxMessages: 5, linkBufferedBytes: 1000 })
    user.client.call(body, () => {})
    await rig.settle()
    const sent = user.link.sent.length
    user.link.buffered = 2000
    const [session] = [...rig.attached]
    const taken: boolean[] = []
    for (let i = 0; i < 7; i++) {
      taken.push(session!.push({ _: 'updateShort', update: { _: 'updateConfig' }, date: i }))
      await rig.settle()
    }
    expect(taken).toEqual([true, true, true, true, true, false, false])
    expect(rig.attached.size).toBe(0)
    expect(user.link.sent.length).toBe(sent)
    user.link.buffered = 0
    user.link.receiver.drained()
    await rig.settle()
    expect(rig.attached.size).toBe(1)
    expect(user.seen.updates.map((update) => decodeObject(update))).toEqual([tooLong])
  })

  it('that was only overrun within one turn is attached again at its end', async () => {
    const { rig, user } = setUp({ outboxMessages: 5 })
    user.client.call(body, () => {})
    await rig.settle()
    const [session] = [...rig.attached]
    for (let i = 0; i < 7; i++) session!.push({ _: 'updateShort', update: { _: 'updateConfig' }, date: i })
    expect(rig.attached.size).toBe(0)
    await rig.settle()
    expect(rig.attached.size).toBe(1)
    expect(user.seen.updates.map((update) => decodeObject(update))).toEqual([tooLong])
  })

  it('whose link drains within the turn goes on without being told', async () => {
    const { rig, user } = setUp({ linkBufferedBytes: 1000 })
    user.client.call(body, () => {})
    await rig.settle()
    const [session] = [...rig.attached]
    user.link.buffered = 2000
    session!.push(tooLong)
    rig.onFlush = () => {
      user.link.buffered = 0
    }
    await rig.settle()
    expect(user.seen.updates.length).toBe(1)
  })

  it('that lets answers pile up is cut off', async () => {
    const { rig, user } = setUp({ outboxHardBytes: 200, linkBufferedBytes: 10 })
    user.link.buffered = 100
    for (let i = 0; i < 10; i++) user.client.call(body, () => {})
    await rig.settle()
    expect(user.link.isClosed).toBe(true)
  })
})

describe('acknowledgements', () => {
  it('of pushes and answers free what is kept', async () => {
    const { rig, user } = setUp({ keptAnswers: 2 })
    for (let i = 0; i < 10; i++) {
      user.client.call(body, () => {})
      await rig.settle()
      user.client.flush()
    }
    // Nothing had to be given up, so a repetition of an acknowledged request is acknowledged and no more.
    expect(user.seen.service.some((message) => message.id === id.BAD_MSG_NOTIFICATION)).toBe(false)
    user.client.sendService(msgsAck([12345n]))
    await rig.settle()
    expect(rig.bugs).toEqual([])
  })
})

function pingBody(pingId: bigint): Buffer {
  const ping = Buffer.alloc(12)
  ping.writeUInt32LE(id.PING)
  ping.writeBigInt64LE(pingId, 4)
  return ping
}
