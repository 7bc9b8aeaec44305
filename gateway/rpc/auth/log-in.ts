import type { UserId } from '@heliograph/schemas/avro'
import type { Result } from '@heliograph/schemas/tl'
import { phones, users } from '@heliograph/storage'
import type { OpenContext } from '../handler.ts'
import { renderUsers } from '../render/user.ts'
import type { Services } from '../services.ts'

/** Logs the caller's permanent key in and gives the answer that clients wait for. */
export async function logIn(context: OpenContext, user: UserId): Promise<Result<'auth.signIn'>> {
  const { services, caller, now } = context
  await services.authKeys.logIn(caller.permanentKeyId, user, caller)
  const [self] = await renderUsers(services.directory, user, [user], now)
  return { _: 'auth.authorization', user: self! }
}

/** The account that a phone number has; undefined also where the number is merely reserved, or just about to be freed. */
export async function accountOfPhone(
  { tables }: Pick<Services, 'tables'>,
  phoneHmac: string,
): Promise<UserId | undefined> {
  const userId = (await tables.get(phones, { phoneHmac }))?.userId
  if (userId === null || userId === undefined) return undefined
  const row = await tables.get(users, { userId })
  return row === undefined || row.deletedAt !== null ? undefined : (userId as UserId)
}
