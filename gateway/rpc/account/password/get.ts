import { RpcError } from '@heliograph/schemas/tl'
import { addressPattern } from '../../auth/mailer.ts'
import type { Handler, OpenHandler } from '../../handler.ts'
import { loginEmail } from '../login-email.ts'
import { issueChallenge, requirePassword } from './challenge.ts'
import { concernedUser } from './pending-login.ts'
import { currentAlgo, newAlgo } from './settings.ts'
import { NO_PASSWORD, readPassword } from './stored.ts'

const SALT_BYTES = 8
const SECURE_RANDOM_BYTES = 256
const MIN_PERIOD_SECONDS = 60
const MAX_PERIOD_SECONDS = 24 * 3600
const TMP_PASSWORD_BYTES = 32

/**
 * What a client needs to prove the password of the caller's account, or of the one that it is logging in to, and to set a new
 * one. Who is neither is told how an account without a password could set one.
 */
export const getPassword: OpenHandler<'account.getPassword'> = async (_, context) => {
  const { services, caller } = context
  const user = await concernedUser(context)
  const state = user === undefined ? NO_PASSWORD : await readPassword(services, user)
  const { password, unconfirmed, resetAt } = state
  const challenge = password && (await issueChallenge(services, caller.permanentKeyId, password))
  const login =
    caller.userId === undefined || user === undefined ? undefined : await loginEmail(services, user)
  return {
    _: 'account.password',
    ...(password &&
      challenge && {
        hasPassword: true,
        hasRecovery: password.email !== null,
        currentAlgo: currentAlgo(password),
        srpB: challenge.srpB,
        srpId: challenge.srpId,
        ...(password.hint !== '' && { hint: password.hint }),
      }),
    ...(unconfirmed && { emailUnconfirmedPattern: addressPattern(unconfirmed.email) }),
    ...(resetAt !== null && { pendingResetDate: resetAt }),
    ...(login && { loginEmailPattern: addressPattern(login.address) }),
    newAlgo: newAlgo(services, user),
    newSecureAlgo: {
      _: 'securePasswordKdfAlgoPBKDF2HMACSHA512iter100000',
      salt: services.random(SALT_BYTES),
    },
    secureRandom: services.random(SECURE_RANDOM_BYTES),
  }
}

/** The address for recovery, to whoever proves the password. */
export const getPasswordSettings: Handler<'account.getPasswordSettings'> = async (call, context) => {
  const { services, user, caller } = context
  const { password } = await readPassword(services, user)
  if (password === null) throw new RpcError(400, 'PASSWORD_HASH_INVALID')
  await requirePassword(services, caller.permanentKeyId, user, password, call.password)
  return { _: 'account.passwordSettings', ...(password.email !== null && { email: password.email }) }
}

/** A proof of the password that is good for a while. There are no payments that it could be used for. */
export const getTmpPassword: Handler<'account.getTmpPassword'> = async (call, context) => {
  const { services, user, caller, now } = context
  const { password } = await readPassword(services, user)
  if (password === null) throw new RpcError(400, 'TMP_PASSWORD_DISABLED')
  await requirePassword(services, caller.permanentKeyId, user, password, call.password)
  const period = Math.min(Math.max(call.period, MIN_PERIOD_SECONDS), MAX_PERIOD_SECONDS)
  const tmpPassword = services.random(TMP_PASSWORD_BYTES)
  await services.cache.set(`tmp-password:${tmpPassword.toString('hex')}`, Buffer.from(String(user)), period)
  return { _: 'account.tmpPassword', tmpPassword, validUntil: now + period }
}
