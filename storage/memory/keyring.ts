import { randomBytes } from 'node:crypto'
import { KEY_BYTES } from '../wrap.ts'
import { type KeyStore, type WrappedKey, WrappedKeyring } from '../wrapped-keyring.ts'

/** Wrapped keys in memory. */
export class MemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, Buffer>()

  async get(scope: string): Promise<Buffer | undefined> {
    return this.#keys.get(scope)
  }

  async putIfAbsent(scope: string, wrapped: Buffer): Promise<Buffer> {
    const kept = this.#keys.get(scope) ?? wrapped
    this.#keys.set(scope, kept)
    return kept
  }

  async replace(scope: string, before: Buffer, after: Buffer): Promise<boolean> {
    if (this.#keys.get(scope)?.equals(before) !== true) return false
    this.#keys.set(scope, after)
    return true
  }

  async delete(scope: string): Promise<void> {
    this.#keys.delete(scope)
  }

  async *scan(): AsyncIterable<WrappedKey> {
    for (const [scope, wrapped] of [...this.#keys]) yield { scope, wrapped }
  }
}

/** A keyring under a master key of its own, gone with the process. */
export function memoryKeyring(): WrappedKeyring {
  return new WrappedKeyring(randomBytes(KEY_BYTES), new MemoryKeyStore())
}
