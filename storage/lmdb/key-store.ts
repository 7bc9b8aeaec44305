import type { KeyStore } from '../wrapped-keyring.ts'
import type { Space, SpaceName } from './space.ts'

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

  async delete(scope: string): Promise<void> {
    this.#space.remove(keyOf(scope))
    await this.#barrier()
  }
}

/** UTF-8 bytes as a space's key. */
function keyOf(scope: string): string {
  return Buffer.from(scope).toString('latin1')
}
