import type { UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { type CodePurpose, checkEmailCode, forgetEmailCode, sendEmailCode } from '../../auth/email-codes.ts'
import type { CallContext, Handler } from '../../handler.ts'
import { requirePassword } from './challenge.ts'
import { applied, confirmed } from './settings.ts'
import { type PasswordState, readPassword, type Unconfirmed, writePassword } from './stored.ts'

const WHY = 'This address is to recover the password of your account.'

/** Sets, changes or takes away the password, and its address for recovery: 400 EMAIL_UNCONFIRMED_X asks for the mailed code. */
export const updatePasswordSettings: Handler<'account.updatePasswordSettings'> = async (call, context) => {
  const { services, user, caller } = context
  const before = await readPassword(services, user)
  if (before.password !== null) {
    await requirePassword(services, caller.permanentKeyId, user, before.password, call.password)
  }
  const after = applied(services, user, before, call.newSettings)
  await writePassword(services, user, after, caller)
  const { unconfirmed } = after
  if (unconfirmed === null || unconfirmed === before.unconfirmed) return true
  throw new RpcError(400, `EMAIL_UNCONFIRMED_${await sendCode(context, unconfirmed)}`)
}

/** The settings that waited for it hold from now on. */
export const confirmPasswordEmail: Handler<'account.confirmPasswordEmail'> = async (call, context) => {
  const { services, user, caller } = context
  const { before, unconfirmed } = await waiting(context)
  const purpose = purposeOf(user, unconfirmed)
  const checked = await checkEmailCode(services, purpose, call.code)
  if (checked === 'expired') throw new RpcError(400, 'EMAIL_HASH_EXPIRED')
  if (checked === 'wrong') throw new RpcError(400, 'CODE_INVALID')
  await writePassword(services, user, confirmed(before), caller)
  await forgetEmailCode(services, purpose)
  return true
}

export const resendPasswordEmail: Handler<'account.resendPasswordEmail'> = async (_, context) => {
  const { unconfirmed } = await waiting(context)
  await sendCode(context, unconfirmed)
  return true
}

/** The settings that waited for a confirmation are forgotten. */
export const cancelPasswordEmail: Handler<'account.cancelPasswordEmail'> = async (_, context) => {
  const { services, user, caller } = context
  const { before, unconfirmed } = await waiting(context)
  await writePassword(services, user, { ...before, unconfirmed: null }, caller)
  await forgetEmailCode(services, purposeOf(user, unconfirmed))
  return true
}

async function waiting({
  services,
  user,
}: CallContext): Promise<{ readonly before: PasswordState; readonly unconfirmed: Unconfirmed }> {
  const before = await readPassword(services, user)
  if (before.unconfirmed === null) throw new RpcError(400, 'EMAIL_HASH_EXPIRED')
  return { before, unconfirmed: before.unconfirmed }
}

function sendCode({ services, user }: CallContext, unconfirmed: Unconfirmed): Promise<number> {
  return sendEmailCode(services, purposeOf(user, unconfirmed), WHY)
}

const purposeOf = (user: UserId, { email }: Unconfirmed): CodePurpose => ({
  kind: 'password-email',
  subject: String(user),
  address: email,
})
