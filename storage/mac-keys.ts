import type { KeyStore } from './key-store.ts'
import { MAC_PURPOSES, type MacPurpose } from './keyring.ts'
import { type MasterKeys, UnreadableKey } from './master-keys.ts'
import { derive } from './wrap.ts'

export type MacKeys = ReadonlyMap<MacPurpose, Buffer>

const scopeOf = (purpose: MacPurpose) => `mac:${purpose}`

/** What a deployment's first master key makes them. They never change, for access hashes and phone numbers rest on them. */
export function derivedMacKeys(master: Buffer): MacKeys {
  return new Map(MAC_PURPOSES.map((purpose) => [purpose, derive(master, `mac ${purpose}`)]))
}

/**
 * The deployment's keys, kept wrapped like data keys so that they outlive the master key they came from. Those not kept yet
 * are derived from `master`, which must then be the only one: after a rotation it would be the wrong one.
 * @throws UnreadableKey where the master key is not the deployment's
 */
export async function storedMacKeys(
  store: KeyStore,
  masters: MasterKeys,
  master: Buffer,
  isOnly: boolean,
): Promise<MacKeys> {
  const kept = await Promise.all(MAC_PURPOSES.map((purpose) => store.get(scopeOf(purpose))))
  if (kept.includes(undefined)) await expectDeployment(store, masters, isOnly)
  const derived = derivedMacKeys(master)
  const keys = MAC_PURPOSES.map(async (purpose, i) => {
    const scope = scopeOf(purpose)
    const wrapped = kept[i] ?? (await store.putIfAbsent(scope, masters.wrap(scope, derived.get(purpose)!)))
    return [purpose, masters.unwrap(scope, wrapped)] as const
  })
  return new Map(await Promise.all(keys))
}

async function expectDeployment(store: KeyStore, masters: MasterKeys, isOnly: boolean): Promise<void> {
  if (!isOnly) {
    throw new UnreadableKey(
      'start once with the master key in use so far alone, so that what rests on it is kept',
    )
  }
  for await (const { scope, wrapped } of store.scan()) {
    masters.unwrap(scope, wrapped)
    return
  }
}
