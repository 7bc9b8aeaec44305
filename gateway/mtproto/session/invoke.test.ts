import { gzipSync } from 'node:zlib'
import { type AnyCall, encodeCall, RpcError } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import * as id from './constructors.ts'
import { Rig } from './rig.fixture.ts'
import { tlBytes } from './tl-bytes.ts'

const getState: AnyCall = { _: 'updates.getState' }
const state = { _: 'updates.state', pts: 1, qts: 0, date: 1, seq: 0, unreadCount: 0 }
const client = {
  apiId: 6,
  deviceModel: 'PC',
  systemVersion: '2',
  appVersion: '3',
  systemLangCode: 'de',
  langPack: 'tdesktop',
  langCode: 'de',
}
const known = { ...client, address: '127.0.0.1' }
const init = (query: AnyCall): AnyCall => ({ _: 'initConnection', ...client, query })
const withLayer = (layer: number, query: AnyCall): AnyCall => ({ _: 'invokeWithLayer', layer, query })

function setUp(options = {}) {
  const rig = new Rig()
  const key = rig.authKeys.make({ userId: 5, ...options })
  rig.answer = async () => state
  return { rig, key, ...rig.client(key) }
}

/** A key that has said nothing of its client yet. */
function fresh() {
  const made = setUp()
  delete made.key.layer
  delete made.key.client
  return made
}

async function outcome(rig: Rig, result: Promise<unknown>): Promise<unknown> {
  const settled = result.catch((error: RpcError) => error.errorMessage)
  await rig.settle()
  return settled
}

describe('layer and connection values', () => {
  it('must be named once per key, and are kept', async () => {
    const { rig, key, client: session } = fresh()
    expect(await outcome(rig, session.request(getState))).toBe('CONNECTION_LAYER_INVALID')
    expect(await outcome(rig, session.request(withLayer(0, init(getState))))).toBe('CONNECTION_LAYER_INVALID')
    expect(await outcome(rig, session.request(withLayer(200, getState)))).toBe('CONNECTION_NOT_INITED')
    expect(await outcome(rig, session.request(withLayer(200, init(getState)), 198))).toEqual(state)
    expect(await outcome(rig, session.request(getState, 198))).toEqual(state)
    expect(key).toMatchObject({ layer: 200, client: known })
    expect(rig.calls.map(({ caller }) => caller.layer)).toEqual([198, 198])
    expect(rig.calls[0]!.caller.client).toEqual(known)
    expect(rig.authKeys.described).toEqual([`${key.id} 200 undefined`, `${key.id} 200 PC`])
  })

  it('are told to the store only when they change', async () => {
    const { rig, client: session } = setUp({ layer: 200, client: known })
    await outcome(rig, session.request(withLayer(200, init(getState)), 198))
    expect(rig.authKeys.described).toEqual([])
    await outcome(rig, session.request(withLayer(223, getState), 223))
    expect(rig.authKeys.described.length).toBe(1)
  })

  it('are told again when the client comes from another address', async () => {
    const { rig, key, client: session } = setUp({ layer: 200, client: { ...known, address: '192.0.2.7' } })
    await outcome(rig, session.request(getState, 198))
    expect(rig.authKeys.described).toEqual([])
    await outcome(rig, session.request(withLayer(200, init(getState)), 198))
    expect(rig.authKeys.described.length).toBe(1)
    expect(key.client?.address).toBe('127.0.0.1')
  })
})

describe('refusals of what a call is wrapped in', () => {
  it('initConnection raises CONNECTION_LAYER_INVALID where no layer was ever named', async () => {
    const { rig, client: session } = fresh()
    expect(await outcome(rig, session.request(init(getState)))).toBe('CONNECTION_LAYER_INVALID')
  })

  it('contacts.resolveUsername raises CONNECTION_LAYER_INVALID where no layer was ever named', async () => {
    const { rig, client: session } = fresh()
    const resolve: AnyCall = { _: 'contacts.resolveUsername', username: 'somebody' }
    expect(await outcome(rig, session.request(resolve))).toBe('CONNECTION_LAYER_INVALID')
  })

  it('invokeWithLayer raises CONNECTION_API_ID_INVALID for an application that cannot be', async () => {
    const { rig, client: session } = fresh()
    const nobody: AnyCall = { _: 'initConnection', ...client, apiId: 0, query: getState }
    expect(await outcome(rig, session.request(withLayer(223, nobody)))).toBe('CONNECTION_API_ID_INVALID')
  })

  it.each([
    ['invokeWithLayer', 'AUTH_BYTES_INVALID'],
    ['invokeWithLayer', 'INVITE_HASH_EXPIRED'],
    ['invokeWithLayer', 'CHAT_WRITE_FORBIDDEN'],
  ])('%s raises %s where the call within it does', async (_, error) => {
    const { rig, client: session } = setUp()
    rig.answer = () => Promise.reject(new RpcError(400, error))
    expect(await outcome(rig, session.request(withLayer(223, getState), 223))).toBe(error)
  })
})

describe('wrappers', () => {
  const range = { _: 'messageRange', minId: 1, maxId: 2 } as const
  const wrappers: ((query: AnyCall) => AnyCall)[] = [
    (query) => withLayer(223, query),
    init,
    (query) => ({ _: 'invokeWithoutUpdates', query }),
    (query) => ({ _: 'invokeWithMessagesRange', range, query }),
    (query) => ({ _: 'invokeWithTakeout', takeoutId: 1n, query }),
    (query) => ({ _: 'invokeWithBusinessConnection', connectionId: 'c', query }),
    (query) => ({ _: 'invokeWithGooglePlayIntegrity', nonce: 'n', token: 't', query }),
    (query) => ({ _: 'invokeWithApnsSecret', nonce: 'n', secret: 's', query }),
    (query) => ({ _: 'invokeWithReCaptcha', token: 't', query }),
    (query) => ({ _: 'invokeAfterMsgs', msgIds: [], query }),
  ]

  it('are taken off in any nesting', async () => {
    const { rig, client: session } = setUp()
    for (const wrap of wrappers) await outcome(rig, session.request(wrap(getState), 223))
    const nest = (order: typeof wrappers) => order.reduce<AnyCall>((query, wrap) => wrap(query), getState)
    const inward = nest(wrappers)
    const outward = nest([...wrappers].reverse())
    const thrice = wrappers[2]!(wrappers[2]!(wrappers[2]!(getState)))
    for (const call of [inward, outward, thrice]) await outcome(rig, session.request(call, 223))
    expect(rig.calls.length).toBe(wrappers.length + 3)
    for (const { call } of rig.calls) expect(call).toEqual(getState)
    expect(rig.bugs).toEqual([])
  })

  it('may hold a compressed query, of either kind of stream', async () => {
    const { rig, client: session } = setUp()
    const query = encodeCall(getState)
    const head = encodeCall(init(getState), 223).subarray(0, -query.length)
    const packed = Buffer.alloc(4)
    packed.writeUInt32LE(id.GZIP_PACKED)
    session.call(Buffer.concat([head, packed, tlBytes(gzipSync(query))]), () => {})
    await rig.settle()
    expect(rig.calls.map(({ call }) => call)).toEqual([getState])
  })

  it('may not hold a query that expands without bound', async () => {
    const { rig, client: session } = setUp()
    const query = encodeCall(getState)
    const head = encodeCall(init(getState), 223).subarray(0, -query.length)
    const packed = Buffer.alloc(4)
    packed.writeUInt32LE(id.GZIP_PACKED)
    let failure: string | undefined
    session.call(
      Buffer.concat([head, packed, tlBytes(gzipSync(Buffer.alloc(1 << 20)))]),
      (_result, error) => {
        failure = error?.errorMessage
      },
    )
    await rig.settle()
    expect(failure).toBe('INPUT_REQUEST_INVALID')
  })
})

describe('invokeAfterMsg', () => {
  const after = (msgIds: bigint[], query: AnyCall): AnyCall =>
    msgIds.length === 1
      ? { _: 'invokeAfterMsg', msgId: msgIds[0]!, query }
      : { _: 'invokeAfterMsgs', msgIds, query }
  const dialogs: AnyCall = { _: 'messages.getDialogFilters' }

  function held() {
    const made = setUp()
    const finish: ((failed?: boolean) => void)[] = []
    made.rig.answer = (call) =>
      new Promise((resolve, reject) => {
        finish.push((failed) => {
          if (failed) reject(new RpcError(400, 'FAILED'))
          else resolve(call._ === 'updates.getState' ? state : { _: 'messages.dialogFilters', filters: [] })
        })
      })
    return { ...made, finish }
  }

  it('starts a call only when the others have succeeded', async () => {
    const { rig, client: session, finish } = held()
    const first = session.call(encodeCall(getState), () => {})
    const second = session.call(encodeCall(getState), () => {})
    session.call(encodeCall(after([first, second], dialogs)), () => {})
    await rig.settle()
    expect(rig.calls.length).toBe(2)
    finish[1]!()
    await rig.settle()
    expect(rig.calls.length).toBe(2)
    finish[0]!()
    await rig.settle()
    expect(rig.calls.map(({ call }) => call._).at(-1)).toBe('messages.getDialogFilters')
    session.call(encodeCall(after([first], dialogs)), () => {})
    await rig.settle()
    expect(rig.calls.length).toBe(4)
  })

  it('fails with a failed one, whether it failed before or after', async () => {
    const { rig, client: session, finish } = held()
    const first = session.call(encodeCall(getState), () => {})
    const early = session.request(after([first], dialogs))
    await rig.settle()
    finish[0]!(true)
    expect(await outcome(rig, early)).toBe('MSG_WAIT_FAILED')
    expect(await outcome(rig, session.request(after([first], dialogs)))).toBe('MSG_WAIT_FAILED')
    expect(rig.calls.length).toBe(1)
  })

  it('waits a bounded time for a message that has not come, and takes it when it comes', async () => {
    const { rig, client: session } = setUp()
    const first = { msgId: session.nextMsgId(), seqNo: session.nextSeqNo(true), body: encodeCall(getState) }
    const waiting = session.request(after([first.msgId], getState))
    const hopeless = session.request(after([4n], getState)).catch((error: RpcError) => error.errorMessage)
    await rig.settle()
    expect(rig.calls.length).toBe(0)
    session.sendMessage({ ...first, seqNo: 0 + first.seqNo })
    expect(await outcome(rig, waiting)).toEqual(state)
    await rig.advance(1_200)
    expect(await hopeless).toBe('MSG_WAIT_FAILED')
  })

  it('waits a bounded time for one that runs', async () => {
    const { rig, client: session } = held()
    const first = session.call(encodeCall(getState), () => {})
    let error: RpcError | undefined
    session.call(encodeCall(after([first], dialogs)), (_result, failure) => {
      error = failure
    })
    await rig.settle()
    await rig.advance(1_200)
    expect(error).toBeUndefined()
    await rig.advance(30_000)
    expect(error?.errorMessage).toBe('MSG_WAIT_FAILED')
  })

  it('of a message that is no call is satisfied by its arrival', async () => {
    const { rig, client: session } = setUp()
    const ping = Buffer.alloc(12)
    ping.writeUInt32LE(id.PING)
    const msgId = session.sendService(ping, true)
    expect(await outcome(rig, session.request(after([msgId], getState)))).toEqual(state)
  })
})

describe('a large answer', () => {
  it('is compressed when that saves something', async () => {
    const { rig, client: session, link } = setUp()
    const user = (i: number) => ({ _: 'user', id: i, firstName: 'The same name for everyone', self: false })
    rig.answer = async () => Array.from({ length: 300 }, (_, i) => user(i))
    const result = session.request({ _: 'users.getUsers', id: [] }, 223)
    await rig.settle()
    expect(((await result) as unknown[]).length).toBe(300)
    expect(link.sent.at(-1)!.length).toBeLessThan(4000)
  })
})
