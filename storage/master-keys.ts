import { derive, KEY_BYTES, unwrap, wrap } from './wrap.ts'

/** A stored key that no master key at hand opens: another master key, or damage. */
export class UnreadableKey extends Error {}

/** The master keys that a keyring reads with; new keys are wrapped by the first. */
export class MasterKeys {
  readonly #wrappingKeys: Buffer[] = []

  /** Keys of 32 bytes. */
  constructor(current: Buffer, others: readonly Buffer[] = []) {
    for (const master of [current, ...others]) this.readWith(master)
  }

  readWith(master: Buffer): void {
    if (master.length !== KEY_BYTES) throw new Error(`a master key has ${KEY_BYTES} bytes`)
    this.#wrappingKeys.push(derive(master, 'data keys'))
  }

  /** These, behind another that wraps. */
  under(current: Buffer): MasterKeys {
    const keys = new MasterKeys(current)
    keys.#wrappingKeys.push(...this.#wrappingKeys)
    return keys
  }

  wrap(scope: string, key: Buffer): Buffer {
    return wrap(this.#wrappingKeys[0]!, scope, key)
  }

  /** @throws UnreadableKey */
  unwrap(scope: string, wrapped: Buffer): Buffer {
    for (const wrappingKey of this.#wrappingKeys) {
      const key = unwrap(wrappingKey, scope, wrapped)
      if (key !== undefined) return key
    }
    throw new UnreadableKey(`the master key does not open the data key of ${scope}`)
  }

  /** True where the first opens it. */
  isCurrent(scope: string, wrapped: Buffer): boolean {
    return unwrap(this.#wrappingKeys[0]!, scope, wrapped) !== undefined
  }
}
