import type { UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { users } from '@heliograph/storage'
import { isOwnCentre } from '../config.ts'
import type { Handler, OpenHandler } from '../handler.ts'
import { logIn } from './log-in.ts'
import { issueToken, redeemToken } from './one-time.ts'

const KIND = 'export-authorization'
const LIFE_SECONDS = 60
/** The ids that clients are built with: 1 to 5. */
const MAX_BUILT_IN_CENTRE = 5

/**
 * Carries a log-in to another auth key. There is one data centre, but clients that keep a key for files of their own ask
 * anyway, and those that took it for another one before they were sent on keep that key too, and ask until they are given what it
 * needs. The bytes are good once and shortly.
 */
export const exportAuthorization: Handler<'auth.exportAuthorization'> = async (call, { services, user }) => {
  const isBuiltIn = call.dcId >= 1 && call.dcId <= MAX_BUILT_IN_CENTRE
  if (!isBuiltIn && !isOwnCentre(services.config, call.dcId)) throw new RpcError(400, 'DC_ID_INVALID')
  const bytes = await issueToken(services, KIND, String(user), LIFE_SECONDS)
  return { _: 'auth.exportedAuthorization', id: BigInt(user), bytes }
}

export const importAuthorization: OpenHandler<'auth.importAuthorization'> = async (call, context) => {
  const { services } = context
  const value = await redeemToken(services, KIND, call.bytes, LIFE_SECONDS)
  if (value === undefined) throw new RpcError(400, 'AUTH_BYTES_INVALID')
  if (BigInt(value) !== call.id) throw new RpcError(400, 'USER_ID_INVALID')
  const userId = Number(value) as UserId
  const row = await services.tables.get(users, { userId })
  if (row === undefined || row.deletedAt !== null) throw new RpcError(400, 'USER_ID_INVALID')
  return logIn(context, userId)
}
