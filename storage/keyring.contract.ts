import { createHash, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KeyStore } from './key-store.ts'
import { chatScope, type Keyring, userScope } from './keyring.ts'

export interface KeyringHarness {
  readonly keyring: Keyring
  /** Another keyring over the same master key and store, as after a restart. */
  again(): Promise<Keyring>
  dispose(): Promise<void>
}

/** What every `Keyring` must do. */
export function describeKeyring(name: string, make: () => Promise<KeyringHarness>): void {
  describe(`${name} as a Keyring`, () => {
    let harness: KeyringHarness
    let keyring: Keyring
    beforeEach(async () => {
      harness = await make()
      keyring = harness.keyring
    })
    afterEach(() => harness.dispose())
    const scope = chatScope('u1-2')

    it('makes a key of 32 bytes on first use, and keeps it', async () => {
      expect(keyring.cached(scope)).toBeUndefined()
      expect(await keyring.find(scope)).toBeUndefined()
      const made = await keyring.obtain(scope)
      expect(made.scope).toBe(scope)
      expect(made.key.length).toBe(32)
      expect(await keyring.obtain(scope)).toEqual(made)
      expect(keyring.cached(scope)).toEqual(made)
      const restarted = await harness.again()
      expect(restarted.cached(scope)).toBeUndefined()
      expect(await restarted.find(scope)).toEqual(made)
    })

    it('makes one key whoever asks first', async () => {
      const other = await harness.again()
      const keys = await Promise.all(
        [keyring, other, keyring, other].map(async (each) => (await each.obtain(scope)).key.toString('hex')),
      )
      expect(new Set(keys).size).toBe(1)
    })

    it('gives each scope its own', async () => {
      const keys = await Promise.all(
        [scope, chatScope('u1-3'), userScope(1)].map((each) => keyring.obtain(each)),
      )
      expect(new Set(keys.map(({ key }) => key.toString('hex'))).size).toBe(3)
    })

    it('shreds a key for ever', async () => {
      const made = await keyring.obtain(scope)
      await keyring.shred(scope)
      expect(keyring.cached(scope)).toBeUndefined()
      expect(await keyring.find(scope)).toBeUndefined()
      expect(await (await harness.again()).find(scope)).toBeUndefined()
      expect((await keyring.obtain(scope)).key).not.toEqual(made.key)
    })

    it('authenticates by purpose, the same after a restart', async () => {
      const mac = keyring.mac('access-hash', 'data')
      expect(mac.length).toBe(32)
      expect(keyring.mac('access-hash', Buffer.from('data'))).toEqual(mac)
      expect(keyring.mac('phone', 'data')).not.toEqual(mac)
      expect(mac).not.toEqual(createHash('sha256').update('data').digest())
      expect((await harness.again()).mac('access-hash', 'data')).toEqual(mac)
    })
  })
}

export interface KeyStoreHarness {
  readonly store: KeyStore
  dispose(): Promise<void>
}

/** What every `KeyStore` must do. Scopes are new in each test, for a store may have others' keys in it. */
export function describeKeyStore(name: string, make: () => Promise<KeyStoreHarness>): void {
  describe(`${name} as a KeyStore`, () => {
    let harness: KeyStoreHarness
    let store: KeyStore
    let scope: string
    beforeEach(async () => {
      harness = await make()
      store = harness.store
      scope = `chat:ü ${randomUUID()}`
    })
    afterEach(() => harness.dispose())
    const [one, other, third] = [1, 2, 3].map((byte) => Buffer.alloc(60, byte)) as [Buffer, Buffer, Buffer]

    it('keeps the first of those that are put, whoever puts them at once', async () => {
      expect(await store.get(scope)).toBeUndefined()
      const kept = await Promise.all([one, other, third].map((each) => store.putIfAbsent(scope, each)))
      expect(new Set(kept.map((each) => each.toString('hex'))).size).toBe(1)
      expect(await store.putIfAbsent(scope, Buffer.alloc(60, 9))).toEqual(kept[0])
      expect(await store.get(scope)).toEqual(kept[0])
    })

    it('replaces only what it is told is there', async () => {
      expect(await store.replace(scope, one, other)).toBe(false)
      expect(await store.get(scope)).toBeUndefined()
      await store.putIfAbsent(scope, one)
      expect(await store.replace(scope, other, third)).toBe(false)
      expect(await store.replace(scope, one, other)).toBe(true)
      expect(await store.get(scope)).toEqual(other)
    })

    it('deletes, and then has room for another', async () => {
      await store.delete(scope)
      await store.putIfAbsent(scope, one)
      await store.delete(scope)
      expect(await store.get(scope)).toBeUndefined()
      expect(await store.replace(scope, one, other)).toBe(false)
      expect(await store.putIfAbsent(scope, other)).toEqual(other)
    })

    it('scans all, and none that was deleted', async () => {
      const scopes = Array.from({ length: 40 }, (_, i) => `${scope} ${i}`)
      await Promise.all(scopes.map((each) => store.putIfAbsent(each, one)))
      await store.delete(scopes[3]!)
      const seen: string[] = []
      for await (const key of store.scan()) {
        if (!key.scope.startsWith(scope)) continue
        seen.push(key.scope)
        expect(key.wrapped).toEqual(one)
      }
      expect(seen.sort()).toEqual(scopes.filter((each) => each !== scopes[3]).sort())
    })
  })
}
