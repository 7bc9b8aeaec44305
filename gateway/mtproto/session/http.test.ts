import { type AnyCall, decodeObject, encodeCall, encodeObject } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import { ClientSession } from './client.ts'
import { writeContainer } from './client-messages.ts'
import { type MemoryLink, Rig } from './rig.fixture.ts'

const getState = encodeCall({ _: 'updates.getState' } satisfies AnyCall)
const state = { _: 'updates.state', pts: 1, qts: 0, date: 1, seq: 0, unreadCount: 0 }
const tooLong = { _: 'updatesTooLong' } as const

/** A client whose every packet is a request of its own, as over http. */
function setUp() {
  const rig = new Rig()
  const key = rig.authKeys.make({ userId: 5 })
  rig.answer = async () => state
  const requests: MemoryLink[] = []
  const updates: string[] = []
  const client = new ClientSession({
    authKey: key.key,
    salt: rig.salt(key),
    now: () => rig.nowMs,
    onUpdates: (body) => void updates.push(decodeObject(body)._),
    send: (packet) => {
      const link = rig.link('http')
      requests.push(link)
      link.onPacket = (answer) => {
        link.receiver.closed()
        client.receive(answer)
      }
      link.receiver.packet(packet, false)
    },
  })
  const wait = (maxDelay: number, waitAfter: number, maxWait: number) =>
    client.sendService(encodeObject({ _: 'http_wait', maxDelay, waitAfter, maxWait }))
  return { rig, client, requests, updates, wait }
}

describe('over http', () => {
  it('the answer comes on the request, and only one packet does', async () => {
    const { rig, client, requests } = setUp()
    const answers: number[] = []
    client.call(getState, (result) => answers.push(result!.length))
    await rig.settle()
    expect(answers.length).toBe(1)
    expect(requests.map((request) => request.sent.length)).toEqual([1])
  })

  it('http_wait keeps a request for updates, and they wait for one', async () => {
    const { rig, client, requests, updates, wait } = setUp()
    client.call(getState, () => {})
    await rig.settle()
    const [session] = [...rig.attached]
    expect(session!.push(tooLong)).toBe(true)
    await rig.settle()
    expect(updates).toEqual([])
    wait(0, 0, 25_000)
    await rig.settle()
    expect(updates).toEqual(['updatesTooLong'])
    wait(0, 0, 25_000)
    await rig.advance(10_000)
    session!.push(tooLong)
    await rig.settle()
    expect(updates.length).toBe(2)
    expect(requests.map((request) => request.sent.length)).toEqual([1, 1, 1])
  })

  it('a waiting request ends with nothing after max_wait', async () => {
    const { rig, requests, wait } = setUp()
    wait(0, 0, 3_000)
    await rig.settle()
    // new_session_created answers the first.
    expect(requests[0]!.sent.length).toBe(1)
    wait(0, 0, 3_000)
    await rig.advance(2_000)
    expect(requests[1]!.isClosed).toBe(false)
    await rig.advance(1_500)
    expect(requests[1]!.isClosed).toBe(true)
    expect(requests[1]!.sent.length).toBe(0)
  })

  it('max_delay gathers messages into one answer', async () => {
    const { rig, client, requests } = setUp()
    const message = (body: Buffer, content: boolean) => ({
      msgId: client.nextMsgId(),
      seqNo: client.nextSeqNo(content),
      body,
    })
    const waits = message(
      encodeObject({ _: 'http_wait', maxDelay: 500, waitAfter: 0, maxWait: 25_000 }),
      false,
    )
    const ping = message(encodeObject({ _: 'ping', pingId: 1n }), true)
    const body = writeContainer([ping, waits])
    client.sendMessage({ msgId: client.nextMsgId(), seqNo: client.nextSeqNo(false), body })
    await rig.settle()
    expect(requests[0]!.sent.length).toBe(0)
    await rig.advance(700)
    expect(requests[0]!.sent.length).toBe(1)
  })

  it('a session without a request for some time is detached', async () => {
    const { rig, client } = setUp()
    client.call(getState, () => {})
    await rig.settle()
    expect(rig.attached.size).toBe(1)
    await rig.advance(29_000)
    expect(rig.attached.size).toBe(1)
    await rig.advance(2_000)
    expect(rig.attached.size).toBe(0)
  })
})
