import { RpcError } from '@heliograph/schemas/tl'
import { authorizations } from '@heliograph/storage'
import type { AuthKeyId } from '../../mtproto/ports.ts'
import { MAX_AUTHORIZATIONS } from '../auth/log-out.ts'
import type { CallContext, Handler } from '../handler.ts'
import { readSetting, writeSetting } from '../settings.ts'
import { authorization, authorizationHash } from './authorization.ts'
import { publishAuthorization } from './new-authorization.ts'
import { confirm } from './unconfirmed.ts'

const TTL_SETTING = 'authorization-ttl'
const DEFAULT_TTL_DAYS = 180
const MAX_TTL_DAYS = 366

export const getAuthorizations: Handler<'account.getAuthorizations'> = async (_, context) => {
  const rows = await loggedInKeys(context)
  const ttl = await readSetting(context.services, context.user, TTL_SETTING)
  return {
    _: 'account.authorizations',
    authorizationTtlDays: ttl?.readUInt16LE() ?? DEFAULT_TTL_DAYS,
    authorizations: await Promise.all(
      rows.map(({ authKeyId, client, createdAt }) =>
        authorization(context, { authKeyId: authKeyId!, client, createdAt: createdAt ?? 0 }),
      ),
    ),
  }
}

/** Ends another session; its next call is refused. */
export const resetAuthorization: Handler<'account.resetAuthorization'> = async (call, context) => {
  const id = await keyOfHash(context, call.hash)
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

export const setAuthorizationTtl: Handler<'account.setAuthorizationTTL'> = async (call, context) => {
  const days = call.authorizationTtlDays
  if (days < 1 || days > MAX_TTL_DAYS) throw new RpcError(400, 'TTL_DAYS_INVALID')
  const value = Buffer.alloc(2)
  value.writeUInt16LE(days)
  await writeSetting(context, TTL_SETTING, value)
  return true
}

function loggedInKeys({ services, user }: CallContext) {
  return services.tables.range(authorizations, { userId: user }, { limit: MAX_AUTHORIZATIONS })
}

async function keyOfHash(context: CallContext, hash: bigint): Promise<AuthKeyId> {
  for (const { authKeyId } of await loggedInKeys(context)) {
    if (authKeyId !== context.caller.permanentKeyId) {
      if (authorizationHash(context.services.keyring, authKeyId!) === hash) return authKeyId as AuthKeyId
    }
  }
  throw new RpcError(400, 'HASH_INVALID')
}
