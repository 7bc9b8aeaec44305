import { authorizations } from '@heliograph/storage'
import type { AuthKeyId } from '../../mtproto/ports.ts'
import type { Handler, OpenHandler } from '../handler.ts'

/** Most sessions of one account that are looked at. */
export const MAX_AUTHORIZATIONS = 1_000

export const logOut: OpenHandler<'auth.logOut'> = async (_, { services, caller }) => {
  if (caller.userId !== undefined) await services.authKeys.logOut(caller.permanentKeyId, caller)
  return { _: 'auth.loggedOut' }
}

/** Ends every other session of the account. */
export const resetAuthorizations: Handler<'auth.resetAuthorizations'> = async (_, context) => {
  const { services, caller, user } = context
  const rows = await services.tables.range(authorizations, { userId: user }, { limit: MAX_AUTHORIZATIONS })
  const others = rows.map((row) => row.authKeyId as AuthKeyId).filter((id) => id !== caller.permanentKeyId)
  await Promise.all(others.map((id) => services.authKeys.logOut(id, caller)))
  return true
}

/** Temporary keys end by themselves; there is no list of them to drop from. */
export const dropTempAuthKeys: OpenHandler<'auth.dropTempAuthKeys'> = () => true
