import { type KeyStore, WrappedKeyring } from '../wrapped-keyring.ts'
import { masterKey } from './master-key.ts'

/** A keyring whose master key is a file. Throws `UnusableMasterKey`. */
export async function openKeyring(masterKeyPath: string, store: KeyStore): Promise<WrappedKeyring> {
  return new WrappedKeyring(await masterKey(masterKeyPath), store)
}
