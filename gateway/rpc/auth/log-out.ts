import type { AuthKeyId } from '../../mtproto/ports.ts'
import { requireSettled } from '../account/fresh.ts'
import { sessionsOf } from '../account/sessions.ts'
import type { Handler, OpenHandler } from '../handler.ts'

export const logOut: OpenHandler<'auth.logOut'> = async (_, { services, caller }) => {
  if (caller.userId !== undefined) await services.authKeys.logOut(caller.permanentKeyId, caller)
  return { _: 'auth.loggedOut' }
}

/** Ends every other session of the account; a new one cannot: 406 FRESH_RESET_AUTHORISATION_FORBIDDEN. */
export const resetAuthorizations: Handler<'auth.resetAuthorizations'> = async (_, context) => {
  const { services, caller, user } = context
  await requireSettled(context, 'FRESH_RESET_AUTHORISATION_FORBIDDEN')
  const rows = await sessionsOf(services, user)
  const others = rows.map((row) => row.authKeyId as AuthKeyId).filter((id) => id !== caller.permanentKeyId)
  await Promise.all(others.map((id) => services.authKeys.logOut(id, caller)))
  return true
}

/** Temporary keys end by themselves; there is no list of them to drop from. */
export const dropTempAuthKeys: OpenHandler<'auth.dropTempAuthKeys'> = () => true
