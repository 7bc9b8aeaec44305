import type { UserId } from '@heliograph/schemas/avro'
import { type Result, RpcError } from '@heliograph/schemas/tl'
import { authKeys } from '@heliograph/storage'
import type { AuthKeyId } from '../../mtproto/ports.ts'
import { authorization } from '../account/authorization.ts'
import type { Handler, OpenContext, OpenHandler } from '../handler.ts'
import { renderUsers } from '../render/user.ts'
import { openClient } from '../sealed.ts'
import { announceAccepted } from './new-login.ts'
import { issueToken, redeemToken } from './one-time.ts'

const KIND = 'login-token'
const LIFE_SECONDS = 30

/** For a log-in by QR code: a token that a logged-in device accepts. Asked again afterwards, it answers with the log-in. */
export const exportLoginToken: OpenHandler<'auth.exportLoginToken'> = async (_, context) => {
  const { services, caller, now } = context
  if (caller.userId !== undefined) return success(context, caller.userId as UserId)
  const token = await issueToken(services, KIND, caller.permanentKeyId, LIFE_SECONDS)
  return { _: 'auth.loginToken', expires: now + LIFE_SECONDS, token }
}

/** There is one data centre, so no token has to be brought to another. */
export const importLoginToken: OpenHandler<'auth.importLoginToken'> = (_, context) => {
  const { userId } = context.caller
  if (userId === undefined) throw new RpcError(400, 'AUTH_TOKEN_INVALID')
  return success(context, userId as UserId)
}

export const acceptLoginToken: Handler<'auth.acceptLoginToken'> = async (call, context) => {
  const { services, caller, user } = context
  const keyId = await redeemToken(services, KIND, call.token, LIFE_SECONDS)
  if (keyId === undefined) throw new RpcError(400, 'AUTH_TOKEN_INVALID')
  await services.authKeys.logIn(keyId as AuthKeyId, user, caller)
  const client = (await services.tables.get(authKeys, { authKeyId: keyId }))?.client ?? null
  announceAccepted(context, user, client === null ? undefined : await openClient(services, keyId, client))
  return authorization(context, { authKeyId: keyId, client, createdAt: context.now })
}

async function success(context: OpenContext, user: UserId): Promise<Result<'auth.exportLoginToken'>> {
  const [self] = await renderUsers(context.services.directory, user, [user], context.now)
  return { _: 'auth.loginTokenSuccess', authorization: { _: 'auth.authorization', user: self! } }
}
