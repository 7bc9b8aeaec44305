import { authKeyKey } from '@heliograph/schemas/avro'
import { AUTH_KEYS_SCOPE, type authKeys, type RowOf } from '@heliograph/storage'
import { open, seal } from '@heliograph/topics'
import type { AuthKey, AuthKeyId } from '../../mtproto/ports.ts'
import { openClient, type Sealing } from '../sealed.ts'

const AUTH_KEY_BYTES = 256

const keyContext = (id: AuthKeyId) => ({ topic: 'account.events', key: authKeyKey(id), type: 'AuthKey' })

/** Seals the 256 bytes of an auth key for the log. */
export async function sealKey(to: Sealing, id: AuthKeyId, key: Buffer): Promise<Buffer> {
  const dataKey = await to.keyring.obtain(AUTH_KEYS_SCOPE)
  return seal(dataKey.key, keyContext(id), key)
}

/** Opens a stored auth key; undefined where it cannot be opened. */
export async function openKeyRow(
  from: Sealing,
  id: AuthKeyId,
  row: RowOf<typeof authKeys>,
): Promise<AuthKey | undefined> {
  const dataKey = await from.keyring.find(AUTH_KEYS_SCOPE)
  const plain = dataKey && row.sealedKey ? open(dataKey.key, keyContext(id), row.sealedKey) : undefined
  if (plain === undefined || plain.length !== AUTH_KEY_BYTES) return undefined
  // A copy of its own: a slice would keep the pool alive that it was cut from.
  const key = Buffer.allocUnsafeSlow(AUTH_KEY_BYTES)
  plain.copy(key)
  const client = row.client === null ? undefined : await openClient(from, id, row.client)
  return {
    id,
    key,
    firstSalt: row.firstSalt ?? 0n,
    createdAt: row.createdAt ?? 0,
    ...(row.expiresAt === null ? {} : { expiresAt: row.expiresAt }),
    ...(row.permanentKeyId === null ? {} : { boundTo: row.permanentKeyId as AuthKeyId }),
    ...(row.userId === null ? {} : { userId: row.userId }),
    ...(row.activeAt === null ? {} : { activeAt: row.activeAt }),
    ...(row.layer === null ? {} : { layer: row.layer }),
    ...(client === undefined ? {} : { client }),
  }
}
