import { RpcError } from '@heliograph/schemas/tl'
import type { AuthKeyId } from '../../mtproto/ports.ts'
import type { CallContext, Handler } from '../handler.ts'
import { authorization, authorizationHash } from './authorization.ts'
import { requireSettled } from './fresh.ts'
import { publishAuthorization } from './new-authorization.ts'
import { sessionsOf } from './sessions.ts'
import { daysOf, SESSION_TTL } from './ttl.ts'
import { confirm } from './unconfirmed.ts'

export const FRESH_RESET = 'FRESH_RESET_AUTHORISATION_FORBIDDEN'

export const getAuthorizations: Handler<'account.getAuthorizations'> = async (_, context) => {
  const rows = await loggedInKeys(context)
  return {
    _: 'account.authorizations',
    authorizationTtlDays: await daysOf(context.services, context.user, SESSION_TTL),
    authorizations: await Promise.all(
      rows.map(({ authKeyId, client, createdAt }) =>
        authorization(context, { authKeyId: authKeyId!, client, createdAt: createdAt ?? 0 }),
      ),
    ),
  }
}

/** Ends another session; its next call is refused. A new session cannot end an older one: 406 FRESH_RESET_AUTHORISATION_FORBIDDEN. */
export const resetAuthorization: Handler<'account.resetAuthorization'> = async (call, context) => {
  const id = await keyOfHash(context, call.hash)
  await requireSettled(context, FRESH_RESET, id)
  await context.services.authKeys.logOut(id, context.caller)
  return true
}

/**
 * Confirms a new log-in, which ends the question in the other sessions. What else a session may receive is noted nowhere:
 * there are no calls and no secret chats.
 */
export const changeAuthorizationSettings: Handler<'account.changeAuthorizationSettings'> = async (
  call,
  context,
) => {
  if (call.hash === 0n) return true
  const id = await keyOfHash(context, call.hash)
  if (!call.confirmed) return true
  await confirm(context.services.cache, id)
  publishAuthorization(context.services, context.user, id, context.caller)
  return true
}

function loggedInKeys({ services, user }: CallContext) {
  return sessionsOf(services, user)
}

async function keyOfHash(context: CallContext, hash: bigint): Promise<AuthKeyId> {
  for (const { authKeyId } of await loggedInKeys(context)) {
    if (authKeyId !== context.caller.permanentKeyId) {
      if (authorizationHash(context.services.keyring, authKeyId!) === hash) return authKeyId as AuthKeyId
    }
  }
  throw new RpcError(400, 'HASH_INVALID')
}
