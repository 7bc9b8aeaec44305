import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describeKeyring, describeKeyStore } from './keyring.contract.ts'
import { chatScope, MAC_PURPOSES, userScope } from './keyring.ts'
import { MemoryBus } from './memory/bus.ts'
import { MemoryKeyStore } from './memory/keyring.ts'
import { MAX_SHARED_KEY_AGE_MS, UnreadableKey, WrappedKeyring } from './wrapped-keyring.ts'

describeKeyring('WrappedKeyring', async () => {
  const master = randomBytes(32)
  const store = new MemoryKeyStore()
  const again = async () => new WrappedKeyring(master, store)
  return { keyring: await again(), again, dispose: async () => undefined }
})

describeKeyStore('MemoryKeyStore', async () => ({
  store: new MemoryKeyStore(),
  dispose: async () => undefined,
}))

it('WrappedKeyring stores nothing in clear, and reads nothing of another master key or scope', async () => {
  const store = new MemoryKeyStore()
  const scope = chatScope('u1-2')
  const { key } = await new WrappedKeyring(randomBytes(32), store).obtain(scope)
  const wrapped = (await store.get(scope))!
  expect(wrapped.includes(key)).toBe(false)
  const stranger = new WrappedKeyring(randomBytes(32), store)
  await expect(stranger.obtain(scope)).rejects.toThrow(UnreadableKey)
  await expect(stranger.find(scope)).rejects.toThrow('the master key does not open the data key of chat:u1-2')
})

describe('rotation of the master key', () => {
  const scopes = Array.from({ length: 50 }, (_, i) => userScope(i))
  const allMacs = (keyring: WrappedKeyring) => MAC_PURPOSES.map((purpose) => keyring.mac(purpose, 'data'))

  it('keeps every key and every mac, whichever master is read with meanwhile', async () => {
    const [old, fresh] = [randomBytes(32), randomBytes(32)]
    const store = new MemoryKeyStore()
    // A deployment from before mac keys were stored.
    const before = new WrappedKeyring(old, store)
    const keys = await Promise.all(scopes.map((scope) => before.obtain(scope)))
    const macs = allMacs(before)
    const running = await WrappedKeyring.open(old, store)
    expect(await running.rewrap(fresh)).toEqual({ rewrapped: 50 + MAC_PURPOSES.length, untouched: 0 })
    const late = await running.obtain(userScope(100))
    for (const [first, others] of [
      [old, [fresh]],
      [fresh, [old]],
    ] as const) {
      const keyring = await WrappedKeyring.open(first, store, { otherMasters: others })
      expect(await Promise.all(scopes.map((scope) => keyring.find(scope)))).toEqual(keys)
      expect(await keyring.find(userScope(100))).toEqual(late)
      expect(allMacs(keyring)).toEqual(macs)
    }
    const last = await WrappedKeyring.open(fresh, store, { otherMasters: [old] })
    expect(await last.rewrap(fresh)).toEqual({ rewrapped: 1, untouched: 50 + MAC_PURPOSES.length })
    const alone = await WrappedKeyring.open(fresh, store)
    expect(await alone.find(userScope(100))).toEqual(late)
    expect(allMacs(alone)).toEqual(macs)
    await expect(WrappedKeyring.open(old, store)).rejects.toThrow(UnreadableKey)
  })

  it('goes on where it was broken off, and leaves shredded keys shredded', async () => {
    const [old, fresh] = [randomBytes(32), randomBytes(32)]
    const store = new MemoryKeyStore()
    const keyring = await WrappedKeyring.open(old, store)
    const keys = await Promise.all(scopes.map((scope) => keyring.obtain(scope)))
    const replace = store.replace.bind(store)
    let replaced = 0
    store.replace = async (scope, before, after) => {
      if (++replaced === 20) throw new Error('broken off')
      if (scope === scopes[0]) await store.delete(scope)
      return replace(scope, before, after)
    }
    await expect(keyring.rewrap(fresh)).rejects.toThrow('broken off')
    const { rewrapped, untouched } = await keyring.rewrap(fresh)
    expect(rewrapped + untouched).toBe(49 + MAC_PURPOSES.length)
    expect(untouched).toBeGreaterThan(10)
    const alone = await WrappedKeyring.open(fresh, store)
    const found = await Promise.all(scopes.map((scope) => alone.find(scope)))
    expect(found).toEqual([undefined, ...keys.slice(1)])
  })

  it('refuses a first start with two master keys or with another, since macs would change', async () => {
    const [old, fresh] = [randomBytes(32), randomBytes(32)]
    const store = new MemoryKeyStore()
    await new WrappedKeyring(old, store).obtain(scopes[0]!)
    const withBoth = WrappedKeyring.open(fresh, store, { otherMasters: [old] })
    await expect(withBoth).rejects.toThrow('start once with the master key in use so far alone')
    await expect(WrappedKeyring.open(fresh, store)).rejects.toThrow(UnreadableKey)
    expect((await WrappedKeyring.open(old, store)).mac('phone', 'x').length).toBe(32)
  })
})

describe('a shredded key', () => {
  const scope = chatScope('u1-2')

  it('is forgotten by other processes at once, or where the bus loses it when it has aged', async () => {
    const [master, store] = [randomBytes(32), new MemoryKeyStore()]
    let nowMs = 0
    const open = (bus: MemoryBus) => WrappedKeyring.open(master, store, { bus, nowMs: () => nowMs })
    const bus = new MemoryBus()
    const [one, near, far] = await Promise.all([open(bus), open(bus), open(new MemoryBus())])
    const made = await one.obtain(scope)
    await Promise.all([near.obtain(scope), far.obtain(scope)])
    await one.shred(scope)
    expect(near.cached(scope)).toBeUndefined()
    expect(await near.find(scope)).toBeUndefined()
    nowMs = MAX_SHARED_KEY_AGE_MS - 1
    expect(far.cached(scope)).toEqual(made)
    nowMs = MAX_SHARED_KEY_AGE_MS
    expect(far.cached(scope)).toBeUndefined()
    expect(await far.find(scope)).toBeUndefined()
    for (const each of [one, near, far]) each.close()
  })

  it('does not come back by a look-up that began before', async () => {
    const store = new MemoryKeyStore()
    const master = randomBytes(32)
    await new WrappedKeyring(master, store).obtain(scope)
    const keyring = new WrappedKeyring(master, store)
    const get = store.get.bind(store)
    store.get = async (each) => {
      const found = await get(each)
      await keyring.shred(scope)
      return found
    }
    await keyring.find(scope)
    expect(keyring.cached(scope)).toBeUndefined()
  })
})
