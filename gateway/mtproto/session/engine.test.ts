import { type AnyCall, decodeObject, encodeCall, RpcError } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import * as id from './constructors.ts'
import { Rig } from './rig.fixture.ts'

const getState: AnyCall = { _: 'updates.getState' }
const nearestDc: AnyCall = { _: 'help.getNearestDc' }
const state = { _: 'updates.state', pts: 1, qts: 0, date: 1, seq: 0, unreadCount: 0 }

describe('a call', () => {
  it('is dispatched and answered', async () => {
    const rig = new Rig()
    const key = rig.authKeys.make({ userId: 5 })
    rig.answer = async () => state
    const { client } = rig.client(key)
    const result = client.request(getState)
    await rig.settle()
    expect(await result).toEqual(state)
    expect(rig.calls[0]!.caller).toMatchObject({
      userId: 5,
      layer: 223,
      authKeyId: key.id,
      remoteAddress: '127.0.0.1',
    })
    expect(rig.bugs).toEqual([])
  })

  it('is told of a new session in a packet of its own, before the answer', async () => {
    const rig = new Rig()
    rig.answer = async () => state
    const { client, link } = rig.client(rig.authKeys.make({ userId: 5 }))
    const held: Buffer[] = []
    // A client that reads no further in a packet before it has an answer
    link.onPacket = (packet) => void held.push(packet)
    const result = client.request(getState)
    await rig.settle()
    expect(held.length).toBe(2)
    client.receive(held[1]!)
    expect(await result).toEqual(state)
  })

  it('gets a protocol error as rpc_error, and a bug as 500', async () => {
    const rig = new Rig()
    const { client } = rig.client(rig.authKeys.make({ userId: 5 }))
    rig.answer = async () => {
      throw new RpcError(400, 'PEER_ID_INVALID')
    }
    const refused = client.request(getState)
    await rig.settle()
    await expect(refused).rejects.toMatchObject({ code: 400, errorMessage: 'PEER_ID_INVALID' })
    rig.answer = () => {
      throw new Error('oops')
    }
    const broken = client.request(getState)
    await rig.settle()
    await expect(broken).rejects.toMatchObject({ code: 500, errorMessage: 'INTERNAL' })
    expect(rig.bugs.length).toBe(1)
  })

  it('whose result does not fit its type is a bug, told as such', async () => {
    const rig = new Rig()
    const { client } = rig.client(rig.authKeys.make({ userId: 5 }))
    rig.answer = async () => undefined
    const broken = client.request(getState)
    await rig.settle()
    await expect(broken).rejects.toMatchObject({ code: 500 })
    expect(rig.bugs.length).toBe(1)
  })

  it('that is no TL value gets 400', async () => {
    const rig = new Rig()
    const { client } = rig.client(rig.authKeys.make({ userId: 5 }))
    let error: RpcError | undefined
    client.call(Buffer.from('deadbeefdeadbeef', 'hex'), (_result, failure) => {
      error = failure
    })
    await rig.settle()
    expect(error?.code).toBe(400)
    expect(error?.errorMessage).toBe('INPUT_METHOD_INVALID_4022250974')
    expect(rig.bugs).toEqual([])
  })
})

describe('a new session', () => {
  it('is announced first, with the lowest message id of its first packet', async () => {
    const rig = new Rig()
    const key = rig.authKeys.make({ userId: 5 })
    const { client, seen } = rig.client(key)
    const first = { msgId: client.nextMsgId(), seqNo: 1, body: encodeCall(nearestDc) }
    const second = { msgId: client.nextMsgId(), seqNo: 3, body: encodeCall(nearestDc) }
    rig.answer = async () => ({ _: 'nearestDc', country: 'DE', thisDc: 2, nearestDc: 2 })
    client.sendTogether([second, first])
    await rig.settle()
    const created = seen.service.filter((message) => message.id === id.NEW_SESSION_CREATED)
    expect(created.length).toBe(1)
    expect(created[0]!.body.readBigInt64LE(4)).toBe(first.msgId)
    expect(created[0]!.body.readBigInt64LE(20)).toBe(rig.salt(key))
    expect(created[0]!.msgId & 3n).toBe(3n)
    client.request(nearestDc)
    await rig.settle()
    expect(seen.service.filter((message) => message.id === id.NEW_SESSION_CREATED).length).toBe(1)
  })
})

describe('updates', () => {
  const push = { _: 'updatesTooLong' } as const

  it('go to sessions that asked for more than files, help and a login', async () => {
    const rig = new Rig()
    const key = rig.authKeys.make({ userId: 5 })
    const files = rig.client(key)
    files.client.request({ _: 'upload.getFileHashes' } as unknown as AnyCall).catch(() => {})
    files.client.request(nearestDc).catch(() => {})
    await rig.settle()
    expect(rig.attached.size).toBe(0)
    const quiet = rig.client(key)
    quiet.client.request({ _: 'invokeWithoutUpdates', query: getState }).catch(() => {})
    await rig.settle()
    expect(rig.attached.size).toBe(0)
    expect(rig.calls.at(-1)!.caller.withoutUpdates).toBe(true)
    const main = rig.client(key)
    main.client.request(getState).catch(() => {})
    await rig.settle()
    expect([...rig.attached].map((session) => session.sessionId)).toEqual([main.client.sessionId])
    expect([...rig.attached][0]!.push(push)).toBe(true)
    await rig.settle()
    expect(main.seen.updates.map((body) => decodeObject(body))).toEqual([push])
    expect(quiet.seen.updates.length + files.seen.updates.length).toBe(0)
  })

  it('begin when a login completes and end with a log-out', async () => {
    const rig = new Rig()
    const key = rig.authKeys.make()
    const { client } = rig.client(key)
    rig.answer = async () => {
      key.userId = 9
      return { _: 'auth.authorizationSignUpRequired' }
    }
    client.request({ _: 'auth.signIn', phoneNumber: '1', phoneCodeHash: 'h', phoneCode: '1' })
    await rig.settle()
    const [session] = [...rig.attached]
    expect(session).toMatchObject({ userId: 9, permanentKeyId: key.id, layer: 223 })
    rig.answer = async () => {
      delete key.userId
      return { _: 'auth.loggedOut' }
    }
    client.request({ _: 'auth.logOut' })
    await rig.settle()
    expect(rig.attached.size).toBe(0)
    expect(session!.push(push)).toBe(false)
  })

  it('do not begin on a session that is for files only, when it is logged in', async () => {
    const rig = new Rig()
    const key = rig.authKeys.make({ userId: 9 })
    rig.answer = async (call) =>
      call._ === 'auth.importAuthorization' ? { _: 'auth.authorizationSignUpRequired' } : []
    const imported = rig.client(key)
    imported.client.request({ _: 'auth.importAuthorization', id: 1n, bytes: Buffer.alloc(4) })
    const quiet = rig.client(key)
    const hashes = { _: 'upload.getCdnFileHashes', fileToken: Buffer.alloc(4), offset: 0 } as const
    quiet.client.request({ _: 'invokeWithoutUpdates', query: hashes })
    quiet.client.request({ _: 'auth.resetAuthorizations' })
    await rig.settle()
    expect(rig.calls.length).toBe(3)
    expect(rig.attached.size).toBe(0)
  })

  it('stop for a session whose key was logged out elsewhere', async () => {
    const rig = new Rig()
    const key = rig.authKeys.make({ userId: 5 })
    const { client } = rig.client(key)
    client.request(getState).catch(() => {})
    await rig.settle()
    const [session] = [...rig.attached]
    delete key.userId
    expect(session!.push(push)).toBe(false)
    expect(rig.attached.size).toBe(0)
  })

  it('that cannot be written are a bug, and no obstacle to the next', async () => {
    const rig = new Rig()
    const { client, seen } = rig.client(rig.authKeys.make({ userId: 5 }))
    client.request(getState).catch(() => {})
    await rig.settle()
    const [session] = [...rig.attached]
    expect(session!.push(undefined)).toBe(true)
    expect(session!.push(push)).toBe(true)
    await rig.settle()
    expect(rig.bugs.length).toBe(1)
    expect(seen.updates.length).toBe(1)
  })

  it('are encoded once for all sessions of a layer', async () => {
    const rig = new Rig()
    const clients = [5, 6, 7].map((userId) => rig.client(rig.authKeys.make({ userId })))
    for (const { client } of clients) client.request(getState).catch(() => {})
    await rig.settle()
    let reads = 0
    const value = {
      get _() {
        reads++
        return 'updatesTooLong'
      },
    }
    for (const session of rig.attached) session.push(value)
    const readsOfOne = reads
    reads = 0
    await rig.settle()
    expect(clients.map(({ seen }) => seen.updates.length)).toEqual([1, 1, 1])
    for (const session of rig.attached) session.push(value)
    expect(reads).toBe(0)
    expect(readsOfOne).toBeGreaterThan(0)
  })
})
