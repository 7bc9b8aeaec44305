import type { KeyStore, WrappedKey } from '../wrapped-keyring.ts'
import type { Space, SpaceName } from './space.ts'

const FIRST_KEY = '\u0001'
const AFTER_LAST_KEY = '\u00ff'
/** Keys read of a scan before it lets others run. */
const SCANNED_KEYS = 500

/** Wrapped data keys in the environment that also holds what they seal. */
export class LmdbKeyStore implements KeyStore {
  readonly #space: Space
  readonly #barrier: () => Promise<void>

  constructor(store: { space(name: SpaceName): Space; barrier(): Promise<void> }) {
    this.#space = store.space('keys')
    this.#barrier = () => store.barrier()
  }

  async get(scope: string): Promise<Buffer | undefined> {
    return this.#space.copy(keyOf(scope))
  }

  async putIfAbsent(scope: string, wrapped: Buffer): Promise<Buffer> {
    const known = this.#space.copy(keyOf(scope))
    if (known === undefined) this.#space.put(keyOf(scope), Buffer.from(wrapped))
    await this.#barrier()
    return known ?? wrapped
  }

  async replace(scope: string, before: Buffer, after: Buffer): Promise<boolean> {
    if (this.#space.copy(keyOf(scope))?.equals(before) !== true) return false
    this.#space.put(keyOf(scope), Buffer.from(after))
    await this.#barrier()
    return true
  }

  async delete(scope: string): Promise<void> {
    this.#space.remove(keyOf(scope))
    await this.#barrier()
  }

  async *scan(): AsyncIterable<WrappedKey> {
    let from: string | undefined = FIRST_KEY
    while (from !== undefined) {
      const page: WrappedKey[] = []
      from = this.#page(from, page)
      yield* page
    }
  }

  /** Reads some keys into `page`, so that nothing stands between pages; returns where the next starts. */
  #page(from: string, page: WrappedKey[]): string | undefined {
    for (const { key, value } of this.#space.range(from, AFTER_LAST_KEY)) {
      if (page.length === SCANNED_KEYS) return key
      page.push({ scope: Buffer.from(key, 'latin1').toString(), wrapped: Buffer.from(value) })
    }
    return undefined
  }
}

/** UTF-8 bytes as a space's key. */
function keyOf(scope: string): string {
  return Buffer.from(scope).toString('latin1')
}
