import type { AuthKeySignal, UserId } from '@heliograph/schemas/avro'
import { type Result, RpcError } from '@heliograph/schemas/tl'
import { AUTH_KEYS_CHANNEL, authKeys } from '@heliograph/storage'
import type { AuthKeyId } from '../../mtproto/ports.ts'
import { authorization } from '../account/authorization.ts'
import { requireNoPassword } from '../account/password/pending-login.ts'
import { readPassword } from '../account/password/stored.ts'
import type { Handler, OpenContext, OpenHandler } from '../handler.ts'
import { renderUsers } from '../render/user.ts'
import { openClient } from '../sealed.ts'
import type { Services } from '../services.ts'
import { announceAccepted } from './new-login.ts'

/** What the session that shows the token is told by: it asks again then. */
export const LOGIN_TOKEN_CHANGE = 'login-token'
const LIFE_SECONDS = 30
/** How long it is remembered what became of a token, to say so. */
const REMEMBERED_SECONDS = 600
const TOKEN_BYTES = 32
const MAX_EXCEPTIONS = 100

interface Token {
  readonly keyId: string
  /** Unix seconds. */
  readonly expires: number
  /** Accounts that the device is logged in to already. */
  readonly except: readonly number[]
}
const tokenKey = (token: Uint8Array): string => `login-token:${Buffer.from(token).toString('hex')}`
const acceptedKey = (keyId: string): string => `login-token-accepted:${keyId}`

/**
 * For a log-in by QR code: a token that a logged-in device accepts. Asked again afterwards, it answers with the log-in, or with
 * 401 SESSION_PASSWORD_NEEDED where the account has a password.
 */
export const exportLoginToken: OpenHandler<'auth.exportLoginToken'> = async (call, context) => {
  const { services, caller, now } = context
  if (call.apiId <= 0) throw new RpcError(400, 'API_ID_INVALID')
  const user = caller.userId ?? (await acceptedBefore(services, caller.permanentKeyId))
  if (user !== undefined) return success(context, user as UserId)
  const token = services.random(TOKEN_BYTES)
  const except = call.exceptIds.slice(0, MAX_EXCEPTIONS).map(Number)
  const value: Token = { keyId: caller.permanentKeyId, expires: now + LIFE_SECONDS, except }
  await services.cache.set(tokenKey(token), Buffer.from(JSON.stringify(value)), REMEMBERED_SECONDS)
  return { _: 'auth.loginToken', expires: value.expires, token }
}

/** There is one data centre, so no token has to be brought to another: only the key that has shown one is logged in by it. */
export const importLoginToken: OpenHandler<'auth.importLoginToken'> = async (call, context) => {
  const { services, caller } = context
  const user = caller.userId ?? (await acceptedBefore(services, caller.permanentKeyId))
  if (user !== undefined) return success(context, user as UserId)
  const { expires } = await findToken(services, call.token)
  if ((await countUses(services, call.token, 0)) > 0) throw new RpcError(400, 'AUTH_TOKEN_ALREADY_ACCEPTED')
  throw new RpcError(400, expires <= context.now ? 'AUTH_TOKEN_EXPIRED' : 'AUTH_TOKEN_INVALID')
}

/** Logs the device that shows the token in, or has it ask for the password. */
export const acceptLoginToken: Handler<'auth.acceptLoginToken'> = async (call, context) => {
  const { services, caller, user } = context
  const { keyId } = await takeToken(context, call.token)
  const hasPassword = (await readPassword(services, user)).password !== null
  if (hasPassword) await services.cache.set(acceptedKey(keyId), Buffer.from(String(user)), REMEMBERED_SECONDS)
  else await services.authKeys.logIn(keyId as AuthKeyId, user, caller)
  const client = (await services.tables.get(authKeys, { authKeyId: keyId }))?.client ?? null
  if (!hasPassword)
    announceAccepted(context, user, client === null ? undefined : await openClient(services, keyId, client))
  tellAccepted(services, keyId)
  return authorization(context, { authKeyId: keyId, client, createdAt: context.now })
}

async function takeToken(
  { services, user, now }: OpenContext & { readonly user: UserId },
  token: Uint8Array,
): Promise<Token> {
  const found = await findToken(services, token)
  if (found.expires <= now) throw new RpcError(400, 'AUTH_TOKEN_EXPIRED')
  if (found.except.includes(user)) throw new RpcError(400, 'AUTH_TOKEN_EXCEPTION')
  if ((await countUses(services, token, 1)) > 1) throw new RpcError(400, 'AUTH_TOKEN_ALREADY_ACCEPTED')
  return found
}

/** @throws RpcError 400 AUTH_TOKEN_INVALIDX where no such token was made, or it is forgotten */
async function findToken({ cache }: Services, token: Uint8Array): Promise<Token> {
  const value = token.length === TOKEN_BYTES ? await cache.get(tokenKey(token)) : undefined
  if (value === undefined) throw new RpcError(400, 'AUTH_TOKEN_INVALIDX')
  return JSON.parse(value.toString()) as Token
}

/** How often the token has been accepted, `more` times included. */
const countUses = ({ cache }: Services, token: Uint8Array, more: number): Promise<number> =>
  cache.increment(`${tokenKey(token)}:uses`, more, REMEMBERED_SECONDS)

/** Asks for the password of the account that has accepted the key's token; gives the account where that has none any more. */
async function acceptedBefore(services: Services, keyId: AuthKeyId): Promise<UserId | undefined> {
  const accepted = await services.cache.get(acceptedKey(keyId))
  if (accepted === undefined) return undefined
  await services.cache.delete(acceptedKey(keyId))
  const user = Number(accepted) as UserId
  await requireNoPassword(services, keyId, user)
  await services.authKeys.logIn(keyId, user, undefined)
  return user
}

/** The gateway with the device's connection is any. */
function tellAccepted({ bus, codec }: Services, keyId: string): void {
  const signal: AuthKeySignal = {
    type: 'AuthKeySignal',
    authKeyId: keyId,
    change: LOGIN_TOKEN_CHANGE,
    userId: null,
  }
  bus.publish(AUTH_KEYS_CHANNEL, codec.encodeBare(signal))
}

async function success(context: OpenContext, user: UserId): Promise<Result<'auth.exportLoginToken'>> {
  const [self] = await renderUsers(context.services.directory, user, [user], context.now)
  return { _: 'auth.loginTokenSuccess', authorization: { _: 'auth.authorization', user: self! } }
}
