import type { UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { callOffDeletion } from '../account/delete.ts'
import { requirePassword } from '../account/password/challenge.ts'
import { endPendingLogin, requireConcerned } from '../account/password/pending-login.ts'
import { applied, removed } from '../account/password/settings.ts'
import { type Password, readPassword, writePassword } from '../account/password/stored.ts'
import type { OpenContext, OpenHandler } from '../handler.ts'
import { type CodePurpose, checkEmailCode, forgetEmailCode, sendEmailCode } from './email-codes.ts'
import { logIn } from './log-in.ts'
import { addressPattern } from './mailer.ts'
import { announceLogin } from './new-login.ts'

const WHY = 'Somebody, hopefully you, has forgotten the password of your account.'

/** Logs in whose code was right and who now proves the password. */
export const checkPassword: OpenHandler<'auth.checkPassword'> = async (call, context) => {
  const { services, caller } = context
  const user = await requireConcerned(context)
  const { password } = await readPassword(services, user)
  if (password === null) throw new RpcError(400, 'PASSWORD_HASH_INVALID')
  await requirePassword(services, caller.permanentKeyId, user, password, call.password)
  return authorized(context, user)
}

/** Mails a code to the address for recovery: 400 PASSWORD_EMPTY, PASSWORD_RECOVERY_NA. */
export const requestPasswordRecovery: OpenHandler<'auth.requestPasswordRecovery'> = async (_, context) => {
  const { user, address } = await recoverable(context)
  await sendEmailCode(context.services, purposeOf(user, address), WHY)
  return { _: 'auth.passwordRecovery', emailPattern: addressPattern(address) }
}

/** Whether a code is the mailed one, before a new password is asked for. */
export const checkRecoveryPassword: OpenHandler<'auth.checkRecoveryPassword'> = async (call, context) => {
  const { user, address } = await recoverable(context)
  await requireCode(context, purposeOf(user, address), call.code)
  return true
}

/** By the mailed code the password is replaced, or taken away; whoever was logging in is logged in. */
export const recoverPassword: OpenHandler<'auth.recoverPassword'> = async (call, context) => {
  const { services, caller } = context
  const { user, address } = await recoverable(context)
  const purpose = purposeOf(user, address)
  await requireCode(context, purpose, call.code)
  const before = await readPassword(services, user)
  const after = call.newSettings ? applied(services, user, before, call.newSettings) : removed(before)
  // A new address would have to be confirmed first.
  if (after.unconfirmed !== null && after.unconfirmed !== before.unconfirmed)
    throw new RpcError(400, 'NEW_SETTINGS_INVALID')
  await writePassword(services, user, { ...after, unconfirmed: null }, caller)
  await forgetEmailCode(services, purpose)
  return authorized(context, user)
}

async function authorized(context: OpenContext, user: UserId) {
  const { services, caller } = context
  const isNew = caller.userId === undefined
  await callOffDeletion({ services, caller, user })
  await endPendingLogin(services, caller.permanentKeyId)
  const authorization = await logIn(context, user)
  if (isNew) announceLogin(context, user)
  return authorization
}

async function recoverable(
  context: OpenContext,
): Promise<{ readonly user: UserId; readonly address: NonNullable<Password['email']> }> {
  const user = await requireConcerned(context)
  const { password } = await readPassword(context.services, user)
  if (password === null) throw new RpcError(400, 'PASSWORD_EMPTY')
  if (password.email === null) throw new RpcError(400, 'PASSWORD_RECOVERY_NA')
  return { user, address: password.email }
}

async function requireCode({ services }: OpenContext, purpose: CodePurpose, code: string): Promise<void> {
  if (code.trim() === '') throw new RpcError(400, 'CODE_EMPTY')
  const checked = await checkEmailCode(services, purpose, code)
  if (checked === 'expired') throw new RpcError(400, 'PASSWORD_RECOVERY_EXPIRED')
  if (checked === 'wrong') throw new RpcError(400, 'CODE_INVALID')
}

const purposeOf = (user: UserId, address: string): CodePurpose => ({
  kind: 'recovery',
  subject: String(user),
  address,
})
