import { type KeyStore, WrappedKeyring, type WrappedKeyringOptions } from '../wrapped-keyring.ts'
import { existingMasterKey, masterKey } from './master-key.ts'

export interface FileKeyringOptions extends Omit<WrappedKeyringOptions, 'otherMasters'> {
  /** Files of master keys to read with besides, during a rotation; they must exist. */
  readonly otherMasterPaths?: readonly string[]
}

/** A keyring whose master key is a file. Throws `UnusableMasterKey`, or `UnreadableKey` where it is not the store's. */
export async function openKeyring(
  masterKeyPath: string,
  store: KeyStore,
  { otherMasterPaths = [], ...options }: FileKeyringOptions = {},
): Promise<WrappedKeyring> {
  const otherMasters = await Promise.all(otherMasterPaths.map(existingMasterKey))
  return WrappedKeyring.open(await masterKey(masterKeyPath), store, { ...options, otherMasters })
}
