import { createHmac, randomBytes } from 'node:crypto'
import type { DataKey, Keyring, KeyScope } from './keyring.ts'
import { derive, KEY_BYTES, unwrap, wrap } from './wrap.ts'

/** Where wrapped keys are kept. */
export interface KeyStore {
  get(scope: string): Promise<Buffer | undefined>
  /** Keeps `wrapped` unless there is one already; resolves, once durable, to the one that is kept. */
  putIfAbsent(scope: string, wrapped: Buffer): Promise<Buffer>
  /** Resolves once it is durably gone. */
  delete(scope: string): Promise<void>
}

/** A stored key that the master key does not open: another master key, or damage. */
export class UnreadableKey extends Error {}

/** Keys kept at hand; the one that was fetched first goes first. */
export const MAX_CACHED_KEYS = 200_000

/** Keeps data keys wrapped by a master key (32 bytes). */
export class WrappedKeyring implements Keyring {
  readonly #master: Buffer
  readonly #wrappingKey: Buffer
  readonly #store: KeyStore
  readonly #cache = new Map<KeyScope, DataKey>()
  readonly #macKeys = new Map<string, Buffer>()
  readonly #obtaining = new Map<KeyScope, Promise<DataKey>>()

  constructor(master: Buffer, store: KeyStore) {
    if (master.length !== KEY_BYTES) throw new Error(`a master key has ${KEY_BYTES} bytes`)
    this.#master = master
    this.#wrappingKey = derive(master, 'data keys')
    this.#store = store
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
    const wrapped = await this.#store.get(scope)
    return wrapped && this.#open(scope, wrapped)
  }

  async shred(scope: KeyScope): Promise<void> {
    await this.#obtaining.get(scope)
    this.#cache.delete(scope)
    await this.#store.delete(scope)
    this.#cache.delete(scope)
  }

  mac(purpose: string, data: Buffer | string): Buffer {
    let key = this.#macKeys.get(purpose)
    if (key === undefined) {
      key = derive(this.#master, `mac ${purpose}`)
      this.#macKeys.set(purpose, key)
    }
    return createHmac('sha256', key).update(data).digest()
  }

  async #make(scope: KeyScope): Promise<DataKey> {
    const known = await this.#store.get(scope)
    const wrapped = known ?? (await this.#store.putIfAbsent(scope, this.#newKey(scope)))
    return this.#open(scope, wrapped)
  }

  #newKey(scope: KeyScope): Buffer {
    return wrap(this.#wrappingKey, scope, randomBytes(KEY_BYTES))
  }

  #open(scope: KeyScope, wrapped: Buffer): DataKey {
    const key = unwrap(this.#wrappingKey, scope, wrapped)
    if (key === undefined) throw new UnreadableKey(`the master key does not open the data key of ${scope}`)
    const dataKey = { scope, key }
    if (this.#cache.size >= MAX_CACHED_KEYS) this.#cache.delete(this.#cache.keys().next().value!)
    this.#cache.set(scope, dataKey)
    return dataKey
  }
}
