import type { UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import type { OpenContext } from '../../handler.ts'
import type { Services } from '../../services.ts'
import { readPassword } from './stored.ts'

/** How long the password may be given after the code. */
const LIFE_SECONDS = 3600
const keyOf = (keyId: string): string => `password-needed:${keyId}`

type Ports = Pick<Services, 'cache' | 'tables' | 'keyring'>

/**
 * Where the account has a password, the key is not logged in yet: it is noted for whom it is to be, and 401
 * SESSION_PASSWORD_NEEDED asks for the password.
 */
export async function requireNoPassword(services: Ports, keyId: string, userId: UserId): Promise<void> {
  if ((await readPassword(services, userId)).password === null) return
  await services.cache.set(keyOf(keyId), Buffer.from(String(userId)), LIFE_SECONDS)
  throw new RpcError(401, 'SESSION_PASSWORD_NEEDED')
}

/** The account that the key is being logged in to, where only its password is missing. */
export async function pendingLogin(
  { cache }: Pick<Services, 'cache'>,
  keyId: string,
): Promise<UserId | undefined> {
  const value = await cache.get(keyOf(keyId))
  return value === undefined ? undefined : (Number(value) as UserId)
}

export function endPendingLogin({ cache }: Pick<Services, 'cache'>, keyId: string): Promise<void> {
  return cache.delete(keyOf(keyId))
}

/** Whose password a call is about: the account of the caller's key, or the one that it is being logged in to. */
export async function concernedUser({ services, caller }: OpenContext): Promise<UserId | undefined> {
  return (caller.userId as UserId | undefined) ?? (await pendingLogin(services, caller.permanentKeyId))
}

/** As `concernedUser`; 401 AUTH_KEY_UNREGISTERED where there is none. */
export async function requireConcerned(context: OpenContext): Promise<UserId> {
  const user = await concernedUser(context)
  if (user === undefined) throw new RpcError(401, 'AUTH_KEY_UNREGISTERED')
  return user
}
