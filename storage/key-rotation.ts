import type { KeyStore, WrappedKey } from './key-store.ts'
import type { MasterKeys } from './master-keys.ts'

/** Keys that are wrapped anew at once. */
const KEYS_AT_ONCE = 16

export interface Rotation {
  /** Wrapped anew. */
  readonly rewrapped: number
  /** Were already, or have been shredded meanwhile. */
  readonly untouched: number
}

/**
 * Wraps every key that the first of `masters` does not open anew by it. May be broken off and started again, and run beside
 * servers that read with both: a shredded key stays shredded.
 * @throws UnreadableKey where no master key opens one
 */
export async function rewrapAll(
  store: KeyStore,
  masters: MasterKeys,
  onProgress: (sofar: Rotation) => void,
): Promise<Rotation> {
  let rewrapped = 0
  let untouched = 0
  let batch: WrappedKey[] = []
  const flush = async () => {
    const done = await Promise.all(batch.map((each) => rewrap(store, masters, each)))
    for (const isRewrapped of done) isRewrapped ? rewrapped++ : untouched++
    batch = []
    onProgress({ rewrapped, untouched })
  }
  for await (const key of store.scan()) {
    batch.push(key)
    if (batch.length === KEYS_AT_ONCE) await flush()
  }
  await flush()
  return { rewrapped, untouched }
}

/** A key whose bytes are others by now is looked at again; it can change so once by each rotation that runs. */
async function rewrap(
  store: KeyStore,
  masters: MasterKeys,
  { scope, wrapped }: WrappedKey,
): Promise<boolean> {
  let before: Buffer | undefined = wrapped
  while (before !== undefined && !masters.isCurrent(scope, before)) {
    const after = masters.wrap(scope, masters.unwrap(scope, before))
    if (await store.replace(scope, before, after)) return true
    before = await store.get(scope)
  }
  return false
}
