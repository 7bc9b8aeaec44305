import { createHmac, randomBytes } from 'node:crypto'
import type { Bus, Subscription } from './bus.ts'
import { KeyCache } from './key-cache.ts'
import { type Rotation, rewrapAll } from './key-rotation.ts'
import type { KeyStore } from './key-store.ts'
import type { DataKey, Keyring, KeyScope, MacPurpose } from './keyring.ts'
import { derivedMacKeys, type MacKeys, storedMacKeys } from './mac-keys.ts'
import { MasterKeys } from './master-keys.ts'
import { KEY_BYTES } from './wrap.ts'

export { MAX_CACHED_KEYS } from './key-cache.ts'
export type { Rotation } from './key-rotation.ts'
export type { KeyStore, WrappedKey } from './key-store.ts'
export { UnreadableKey } from './master-keys.ts'

/** Where several processes share the keys: a key that one shreds is at hand in the others no longer than this. */
export const MAX_SHARED_KEY_AGE_MS = 5 * 60_000
const SHREDDED_CHANNEL = 'keyring:shredded'

export interface WrappedKeyringOptions {
  /** Master keys to read with besides the first, during a rotation. */
  readonly otherMasters?: readonly Buffer[]
  /** Tells the other processes at once what is shredded. Keys then age too, since a bus may lose messages. */
  readonly bus?: Bus
  readonly nowMs?: () => number
}

/** Keeps data keys wrapped by a master key (32 bytes). */
export class WrappedKeyring implements Keyring {
  readonly #masters: MasterKeys
  readonly #store: KeyStore
  readonly #cache: KeyCache
  readonly #bus: Bus | undefined
  readonly #obtaining = new Map<KeyScope, Promise<DataKey>>()
  #macKeys: MacKeys
  #subscription: Subscription | undefined

  /** For a store that nothing else uses and whose master key never changes; `open` is for all others. */
  constructor(master: Buffer, store: KeyStore, options: WrappedKeyringOptions = {}) {
    this.#masters = new MasterKeys(master, options.otherMasters)
    this.#macKeys = derivedMacKeys(master)
    this.#store = store
    this.#bus = options.bus
    const maxAgeMs = options.bus === undefined ? Infinity : MAX_SHARED_KEY_AGE_MS
    this.#cache = new KeyCache(maxAgeMs, options.nowMs ?? Date.now)
  }

  /** @throws UnreadableKey where the master key is not the store's; StoreUnavailable */
  static async open(
    master: Buffer,
    store: KeyStore,
    options: WrappedKeyringOptions = {},
  ): Promise<WrappedKeyring> {
    const keyring = new WrappedKeyring(master, store, options)
    const isOnly = (options.otherMasters ?? []).length === 0
    keyring.#macKeys = await storedMacKeys(store, keyring.#masters, master, isOnly)
    keyring.#subscription = await options.bus?.subscribe(SHREDDED_CHANNEL, (scope) =>
      keyring.#cache.forget(scope.toString() as KeyScope),
    )
    return keyring
  }

  cached(scope: KeyScope): DataKey | undefined {
    return this.#cache.get(scope)
  }

  async obtain(scope: KeyScope): Promise<DataKey> {
    const known = this.#cache.get(scope)
    if (known !== undefined) return known
    let obtaining = this.#obtaining.get(scope)
    if (obtaining === undefined) {
      obtaining = this.#make(scope).finally(() => this.#obtaining.delete(scope))
      this.#obtaining.set(scope, obtaining)
    }
    return obtaining
  }

  async find(scope: KeyScope): Promise<DataKey | undefined> {
    const known = this.#cache.get(scope)
    if (known !== undefined) return known
    const { mark } = this.#cache
    const wrapped = await this.#store.get(scope)
    return wrapped && this.#open(scope, wrapped, mark)
  }

  async shred(scope: KeyScope): Promise<void> {
    await this.#obtaining.get(scope)?.catch(() => undefined)
    this.#cache.forget(scope)
    await this.#store.delete(scope)
    this.#cache.forget(scope)
    this.#bus?.publish(SHREDDED_CHANNEL, Buffer.from(scope))
  }

  mac(purpose: MacPurpose, data: Buffer | string): Buffer {
    const key = this.#macKeys.get(purpose)
    if (key === undefined) throw new Error(`no mac key for ${purpose}`)
    return createHmac('sha256', key).update(data).digest()
  }

  /**
   * Wraps all stored keys by another master key. This keyring goes on wrapping with its own and reads with both; a keyring with
   * the new one first and this one beside it does it the other way round. May be repeated, and must be once no server wraps with
   * the old one any more; then the old one can be destroyed.
   * @throws UnreadableKey, StoreUnavailable
   */
  rewrap(master: Buffer, onProgress: (sofar: Rotation) => void = () => undefined): Promise<Rotation> {
    const target = this.#masters.under(master)
    this.#masters.readWith(master)
    return rewrapAll(this.#store, target, onProgress)
  }

  /** Stops listening; the store and the bus are closed by whoever opened them. */
  close(): void {
    this.#subscription?.close()
  }

  async #make(scope: KeyScope): Promise<DataKey> {
    const { mark } = this.#cache
    const known = await this.#store.get(scope)
    const made = () => this.#masters.wrap(scope, randomBytes(KEY_BYTES))
    return this.#open(scope, known ?? (await this.#store.putIfAbsent(scope, made())), mark)
  }

  #open(scope: KeyScope, wrapped: Buffer, mark: number): DataKey {
    const dataKey = { scope, key: this.#masters.unwrap(scope, wrapped) }
    this.#cache.put(dataKey, mark)
    return dataKey
  }
}
