import type { AnyCall, RpcError } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import type { AuthKey } from '../ports.ts'
import { type BindChange, encodeBind } from './bind.fixture.ts'
import type { ClientSession } from './client.ts'
import { Rig } from './rig.fixture.ts'

const getState: AnyCall = { _: 'updates.getState' }
const state = { _: 'updates.state', pts: 1, qts: 0, date: 1, seq: 0, unreadCount: 0 }

function setUp() {
  const rig = new Rig()
  rig.answer = async () => state
  const permanent = rig.authKeys.make({ userId: 5 })
  const temporary = rig.authKeys.make({ expiresAt: Math.floor(rig.nowMs / 1000) + 86_400 })
  return { rig, permanent, temporary, ...rig.client(temporary) }
}

/** Sends `auth.bindTempAuthKey`; resolves to true or the error's name. */
async function bind(
  rig: Rig,
  client: ClientSession,
  temporary: AuthKey,
  permanent: AuthKey,
  change: BindChange = {},
): Promise<unknown> {
  let answer: unknown = 'no answer'
  encodeBind(rig.nowMs, client, temporary, permanent, change, (result, error) => {
    answer = error ? error.errorMessage : result!.equals(Buffer.from('b5757299', 'hex'))
  })
  await rig.settle()
  return answer
}

describe('a temporary key', () => {
  it('may only be bound at first, and then speaks for the permanent one', async () => {
    const { rig, permanent, temporary, client } = setUp()
    const early = client.request(getState).catch((error: RpcError) => error)
    await rig.settle()
    expect(await early).toMatchObject({ code: 401, errorMessage: 'AUTH_KEY_PERM_EMPTY' })
    expect(await bind(rig, client, temporary, permanent)).toBe(true)
    const result = client.request(getState, 223)
    await rig.settle()
    expect(await result).toEqual(state)
    expect(rig.calls[0]!.caller).toMatchObject({
      authKeyId: temporary.id,
      permanentKeyId: permanent.id,
      userId: 5,
      layer: 223,
    })
    expect([...rig.attached][0]!.permanentKeyId).toBe(permanent.id)
    // Binding again to the same key changes nothing and is no error.
    expect(await bind(rig, client, temporary, permanent)).toBe(true)
  })

  it('gets its calls answered that came together with the binding', async () => {
    const { rig, permanent, temporary, client } = setUp()
    let open = () => {}
    rig.authKeys.gate = new Promise((resolve) => {
      open = resolve
    })
    const bound = bind(rig, client, temporary, permanent)
    const result = client.request(getState, 223)
    await rig.settle()
    expect(rig.calls.length).toBe(0)
    open()
    await bound
    await rig.settle()
    expect(await result).toEqual(state)
  })

  it('does not get bad_server_salt before it is bound', async () => {
    const { rig, permanent, temporary, client, seen } = setUp()
    client.salt = 123n
    expect(await bind(rig, client, temporary, permanent)).toBe(true)
    expect(seen.service.filter((message) => message.body.readUInt32LE(0) === 0xedab447b)).toEqual([])
  })

  const wrong: [string, BindChange][] = [
    ['another nonce', { nonce: 99n }],
    ['another temporary key', { tempAuthKeyId: 99n }],
    ['another permanent key', { permAuthKeyId: 99n }],
    ['another session', { tempSessionId: 99n }],
    ['another end', { expiresAt: 1_999_999_999 }],
    ['another message id', { msgIdOffset: 4n }],
    ['a message that the permanent key did not seal', { sealedBy: 'stranger' }],
    ['a damaged message', { damaged: true }],
  ]
  it.each(wrong)('is not bound by %s', async (_name, change) => {
    const { rig, permanent, temporary, client } = setUp()
    expect(await bind(rig, client, temporary, permanent, change)).toBe('ENCRYPTED_MESSAGE_INVALID')
    expect(temporary.boundTo).toBeUndefined()
  })

  it('auth.bindTempAuthKey: ENCRYPTED_MESSAGE_INVALID, EXPIRES_AT_INVALID, TEMP_AUTH_KEY_ALREADY_BOUND, TEMP_AUTH_KEY_EMPTY', async () => {
    const { rig, permanent, temporary, client } = setUp()
    const stranger = rig.authKeys.make({ userId: 6 })
    rig.authKeys.keys.delete(stranger.id)
    expect(await bind(rig, client, temporary, stranger)).toBe('ENCRYPTED_MESSAGE_INVALID')
    expect(await bind(rig, client, temporary, permanent, { callExpiresAt: 5, expiresAt: 5 })).toBe(
      'EXPIRES_AT_INVALID',
    )
    expect(await bind(rig, client, temporary, permanent)).toBe(true)
    const other = rig.authKeys.make({ userId: 7 })
    expect(await bind(rig, client, temporary, other)).toBe('TEMP_AUTH_KEY_ALREADY_BOUND')
    const ordinary = rig.client(permanent)
    expect(await bind(rig, ordinary.client, permanent, other)).toBe('TEMP_AUTH_KEY_EMPTY')
  })

  it('gets -404 once it has expired', async () => {
    const { rig, permanent, temporary, client, link } = setUp()
    await bind(rig, client, temporary, permanent)
    await rig.advance(86_400_000)
    client.request(getState).catch(() => {})
    await rig.settle()
    expect(link.transportError).toBe(-404)
  })

  it('gets -404 once its permanent key is gone', async () => {
    const { rig, permanent, temporary, client, link } = setUp()
    await bind(rig, client, temporary, permanent)
    rig.authKeys.keys.delete(permanent.id)
    client.request(getState).catch(() => {})
    await rig.settle()
    expect(link.transportError).toBe(-404)
    expect(rig.calls.length).toBe(0)
  })

  it('ends with its permanent key when that is dropped', async () => {
    const { rig, permanent, temporary, client, link } = setUp()
    await bind(rig, client, temporary, permanent)
    client.request(getState).catch(() => {})
    await rig.settle()
    expect(rig.attached.size).toBe(1)
    rig.engine.dropKey(permanent.id)
    expect(rig.attached.size).toBe(0)
    expect(link.transportError).toBe(-404)
  })
})
