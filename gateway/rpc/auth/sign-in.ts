import { phoneKey, type UserId, userKey } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { users } from '@heliograph/storage'
import { mailedCode } from '../account/login-email.ts'
import { requireFirstName, requireLastName } from '../account/names.ts'
import { newProfile } from '../account/own-profile.ts'
import { requireNoPassword } from '../account/password/pending-login.ts'
import { announceSignUp } from '../contacts/sign-up.ts'
import type { OpenContext, OpenHandler } from '../handler.ts'
import { sealProfile } from '../sealed.ts'
import { attemptOf } from './code.ts'
import { accountOfPhone, logIn } from './log-in.ts'
import { forgetCode, markVerified, requireVerified, verifyCode } from './login-codes.ts'
import { announceLogin } from './new-login.ts'
import { requirePhone } from './phone.ts'

/**
 * A right code logs in, or asks for a sign-up where the number has no account yet, or for the password where the account has
 * one: 401 SESSION_PASSWORD_NEEDED.
 */
export const signIn: OpenHandler<'auth.signIn'> = async (call, context) => {
  const attempt = attemptOf(context, requirePhone(call.phoneNumber), call.phoneCodeHash)
  const code = call.emailVerification ? mailedCode(call.emailVerification) : call.phoneCode
  if (!code) throw new RpcError(400, 'PHONE_CODE_EMPTY')
  await verifyCode(context.services, attempt, code)
  const user = await accountOfPhone(context.services, attempt.phoneHmac)
  if (user === undefined) {
    await markVerified(context.services, attempt)
    return { _: 'auth.authorizationSignUpRequired' }
  }
  await forgetCode(context.services, attempt)
  await requireNoPassword(context.services, context.caller.permanentKeyId, user)
  const authorized = await logIn(context, user)
  announceLogin(context, user)
  return authorized
}

/** Makes the account whose number the right code was given for. */
export const signUp: OpenHandler<'auth.signUp'> = async (call, context) => {
  const { services } = context
  const phone = requirePhone(call.phoneNumber)
  const attempt = attemptOf(context, phone, call.phoneCodeHash)
  await requireVerified(services, attempt)
  const firstName = requireFirstName(call.firstName)
  const lastName = requireLastName(call.lastName)
  const user = await reserve(context, attempt.phoneHmac)
  const sealed = await sealProfile(services, user, newProfile(firstName, lastName, phone))
  const command = { type: 'CreateUser', userId: user, phoneHmac: attempt.phoneHmac, profile: sealed } as const
  await services.commands.ask('account.commands', userKey(user), command, context.caller)
  services.directory.profileChanged(user)
  await forgetCode(services, attempt)
  announceSignUp(services, user, attempt.phoneHmac)
  return logIn(context, user)
}

/** The user id of a number that has no account yet. */
async function reserve({ services, caller }: OpenContext, phoneHmac: string): Promise<UserId> {
  const command = { type: 'ReservePhone', phoneHmac } as const
  const { userId } = await services.commands.ask('account.commands', phoneKey(phoneHmac), command, caller)
  if (userId === null) throw new Error('a reserved phone number has no user id')
  const row = await services.tables.get(users, { userId })
  if (row !== undefined) throw new RpcError(400, 'PHONE_NUMBER_OCCUPIED')
  return userId
}
