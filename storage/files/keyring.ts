import { type KeyStore, WrappedKeyring, type WrappedKeyringOptions } from '../wrapped-keyring.ts'
import { masterKey } from './master-key.ts'

/** A keyring whose master key is a file. Throws `UnusableMasterKey`, or `UnreadableKey` where it is not the store's. */
export async function openKeyring(
  masterKeyPath: string,
  store: KeyStore,
  options?: WrappedKeyringOptions,
): Promise<WrappedKeyring> {
  return WrappedKeyring.open(await masterKey(masterKeyPath), store, options)
}
