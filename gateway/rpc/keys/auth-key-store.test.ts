import { randomBytes } from 'node:crypto'
import type { UserId } from '@heliograph/schemas/avro'
import { AUTH_KEYS_CHANNEL, MemoryBus, userChannel } from '@heliograph/storage'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuthKeyId } from '../../mtproto/ports.ts'
import { type Rig, testRig } from '../test-rig.ts'
import { LoggedAuthKeys, REVALIDATE_INTERVAL_MS } from './auth-key-store.ts'

const PERMANENT = '0a'.repeat(8) as AuthKeyId
const TEMPORARY = '0b'.repeat(8) as AuthKeyId
const USER = 1000 as UserId
const client = {
  apiId: 1,
  deviceModel: 'd',
  systemVersion: 's',
  appVersion: 'a',
  systemLangCode: 'en',
  langPack: '',
  langCode: 'en',
  address: '192.0.2.7',
}

describe('the store of auth keys', () => {
  let rig: Rig
  let store: LoggedAuthKeys
  beforeEach(async () => {
    rig = await testRig()
    store = anotherGateway()
  })

  const newKey = (id: AuthKeyId) => ({
    id,
    key: randomBytes(256),
    firstSalt: -7n,
    createdAt: rig.nowMs / 1000,
  })
  const anotherGateway = () => new LoggedAuthKeys({ ...rig.services })
  const signal = (change: string, authKeyId: string = PERMANENT) =>
    rig.services.bus.publish(
      userChannel(USER),
      rig.services.codec.encodeBare({ type: 'AuthKeySignal', authKeyId, change, userId: USER }),
    )

  it('keeps a key sealed, and gives it back at every gateway', async () => {
    const key = randomBytes(256)
    await store.create({ ...newKey(PERMANENT), key })
    expect(store.cached(PERMANENT)?.key).toEqual(key)
    const register = rig.commands[0]!.record as unknown as { sealedKey: Buffer }
    expect(register.sealedKey.includes(key.subarray(0, 16))).toBe(false)
    const other = anotherGateway()
    expect(other.cached(PERMANENT)).toBeUndefined()
    expect(await other.load(PERMANENT)).toMatchObject({ key, firstSalt: -7n, createdAt: rig.nowMs / 1000 })
    expect(other.cached(PERMANENT)?.key).toEqual(key)
    expect(await other.load(TEMPORARY)).toBeUndefined()
  })

  it('ends a temporary key at its time, and gives a bound one together with its permanent key', async () => {
    const now = rig.nowMs / 1000
    await store.create(newKey(PERMANENT))
    await store.create({ ...newKey(TEMPORARY), expiresAt: now + 60 })
    await store.bind(TEMPORARY, PERMANENT)
    expect(store.cached(TEMPORARY)).toMatchObject({ boundTo: PERMANENT })
    const other = anotherGateway()
    expect(await other.load(TEMPORARY)).toMatchObject({ boundTo: PERMANENT })
    expect(other.cached(PERMANENT)).toBeDefined()
    rig.nowMs += 60_000
    expect(store.cached(TEMPORARY)).toBeUndefined()
    expect(await anotherGateway().load(TEMPORARY)).toBeUndefined()
  })

  it('logs in and out in the object that sessions hold', async () => {
    await store.create(newKey(PERMANENT))
    const held = store.cached(PERMANENT)!
    await store.logIn(PERMANENT, USER, undefined)
    expect(held.userId).toBe(USER)
    await store.logOut(PERMANENT, undefined)
    expect(held.userId).toBeUndefined()
    expect((await anotherGateway().load(PERMANENT))?.userId).toBeUndefined()
  })

  it('hears of log-outs and destructions elsewhere at once', async () => {
    await store.create(newKey(PERMANENT))
    await store.logIn(PERMANENT, USER, undefined)
    const held = store.cached(PERMANENT)!
    signal('log-out', TEMPORARY)
    expect(held.userId).toBe(USER)
    signal('log-out')
    expect(held.userId).toBeUndefined()
    await store.logIn(PERMANENT, USER, undefined)
    signal('destroy')
    expect(store.cached(PERMANENT)).toBeUndefined()
    expect(held.userId).toBeUndefined()
  })

  it('hears that a key of nobody was destroyed elsewhere', async () => {
    await store.create(newKey(PERMANENT))
    await store.create(newKey(TEMPORARY))
    const other = anotherGateway()
    await Promise.all([other.load(PERMANENT), other.load(TEMPORARY)])
    const record = { type: 'AuthKeySignal', authKeyId: PERMANENT, change: 'destroy', userId: null }
    rig.services.bus.publish(AUTH_KEYS_CHANNEL, rig.services.codec.encodeBare(record))
    expect(other.cached(PERMANENT)).toBeUndefined()
    expect(other.cached(TEMPORARY)).toBeDefined()
    other.close()
    await new Promise(setImmediate)
    rig.services.bus.publish(AUTH_KEYS_CHANNEL, rig.services.codec.encodeBare(record))
  })

  it('finds out in time what the bus has lost, without letting anybody wait', async () => {
    const deaf = new LoggedAuthKeys({ ...rig.services, bus: new MemoryBus() })
    await store.create(newKey(PERMANENT))
    await store.logIn(PERMANENT, USER, undefined)
    const held = (await deaf.load(PERMANENT))!
    await store.logOut(PERMANENT, undefined)
    rig.nowMs += REVALIDATE_INTERVAL_MS - 1
    expect(deaf.cached(PERMANENT)?.userId).toBe(USER)
    rig.nowMs += 1
    expect(deaf.cached(PERMANENT)?.userId).toBe(USER)
    await expect.poll(() => held.userId).toBeUndefined()
    await store.destroy(PERMANENT)
    rig.nowMs += REVALIDATE_INTERVAL_MS
    await expect.poll(() => deaf.cached(PERMANENT)).toBeUndefined()
  })

  it('finds out about a log-in elsewhere when it is asked for', async () => {
    await store.create(newKey(PERMANENT))
    const other = anotherGateway()
    await other.load(PERMANENT)
    await store.logIn(PERMANENT, USER, undefined)
    await other.refresh(PERMANENT)
    expect(other.cached(PERMANENT)?.userId).toBe(USER)
  })

  it('refuses nobody on the strength of an older look', async () => {
    const deaf = new LoggedAuthKeys({ ...rig.services, bus: new MemoryBus() })
    await store.create(newKey(PERMANENT))
    const held = (await deaf.load(PERMANENT))!
    await deaf.refresh(PERMANENT)
    expect(held.userId).toBeUndefined()
    await store.logIn(PERMANENT, USER, undefined)
    await Promise.all([deaf.refresh(PERMANENT), deaf.refresh(PERMANENT)])
    expect(held.userId).toBe(USER)
  })

  it('looks itself where a key that has been kept for long is just being looked up', async () => {
    const deaf = new LoggedAuthKeys({ ...rig.services, bus: new MemoryBus() })
    await store.create(newKey(PERMANENT))
    await deaf.load(PERMANENT)
    await store.logIn(PERMANENT, USER, undefined)
    rig.nowMs += REVALIDATE_INTERVAL_MS
    const held = deaf.cached(PERMANENT)!
    await deaf.refresh(PERMANENT)
    expect(held.userId).toBe(USER)
  })

  it('answers a log-in when the other gateways see it', async () => {
    await store.create(newKey(PERMANENT))
    let looks = 0
    const { tables } = rig.services
    const get = tables.get.bind(tables)
    vi.spyOn(tables, 'get').mockImplementation(async (table, key) => {
      const row = await get(table, key)
      return (++looks < 3 ? { ...row, userId: null } : row) as never
    })
    await store.logIn(PERMANENT, USER, undefined)
    expect(looks).toBe(3)
  })

  it('writes the description of a client when it changes only', async () => {
    await store.create(newKey(PERMANENT))
    store.describe(PERMANENT, 200, client)
    store.describe(PERMANENT, 200, { ...client })
    store.describe(PERMANENT, 200, undefined)
    const descriptions = () => rig.commands.filter(({ record }) => record.type === 'DescribeAuthKey').length
    await expect.poll(descriptions).toBe(1)
    expect(await anotherGateway().load(PERMANENT)).toMatchObject({ layer: 200, client })
  })

  it('forgets a destroyed key', async () => {
    await store.create(newKey(PERMANENT))
    await store.destroy(PERMANENT)
    expect(store.cached(PERMANENT)).toBeUndefined()
    expect(await store.load(PERMANENT)).toBeUndefined()
  })

  it('notes once a day that a log-in is used, also by a temporary key that speaks for it', async () => {
    await store.create(newKey(PERMANENT))
    await store.logIn(PERMANENT, USER, undefined)
    await store.create({ ...newKey(TEMPORARY), expiresAt: rig.nowMs / 1000 + 3 * 86_400 })
    await store.bind(TEMPORARY, PERMANENT)
    const noted = () => rig.commands.filter(({ record }) => record.type === 'TouchAuthKey').length
    expect(noted()).toBe(0)
    rig.nowMs += 86_400_000
    store.cached(TEMPORARY)
    await expect.poll(noted).toBe(1)
    rig.nowMs += REVALIDATE_INTERVAL_MS
    store.cached(TEMPORARY)
    store.cached(PERMANENT)
    await new Promise((resolve) => setImmediate(resolve))
    expect(noted()).toBe(1)
  })
})
