import type { UserId } from '@heliograph/schemas/avro'
import { type Result, RpcError, type TlType } from '@heliograph/schemas/tl'
import { type LoginEmail, loginEmail, setLoginEmail } from '../account/login-email.ts'
import { isGuessedTooOften } from '../account/password/challenge.ts'
import { isOwnCentre } from '../config.ts'
import type { OpenContext, OpenHandler } from '../handler.ts'
import { deliverCode } from './code-message.ts'
import { mailCode } from './email-codes.ts'
import { accountOfPhone } from './log-in.ts'
import { forgetCode, issueCode, type LoginAttempt, requirePending } from './login-codes.ts'
import { addressPattern } from './mailer.ts'
import { phoneHmac, requirePhone } from './phone.ts'

/** After this many seconds clients offer to send the code again. */
const RESEND_SECONDS = 60
/** How long whoever reads the mail of an account has to object to text messages. */
export const EMAIL_RESET_SECONDS = 7 * 24 * 3600
const WHY = 'Somebody, hopefully you, is logging in to your account.'

/** A client that takes this server for another data centre goes to its real one before it logs in: 303 PHONE_MIGRATE_X. */
function requireOwnCentre({ services, caller }: OpenContext): void {
  const { id } = services.config.dataCentre
  if (!isOwnCentre(services.config, caller.dataCentreId ?? id)) throw new RpcError(303, `PHONE_MIGRATE_${id}`)
}

/**
 * The answer is the same whether or not the number has an account, but where that wants its codes by mail, or somebody with a
 * code is guessing its password: 406 PHONE_PASSWORD_FLOOD.
 */
export const sendCode: OpenHandler<'auth.sendCode'> = async (call, context) => {
  const phone = requirePhone(call.phoneNumber)
  if (call.apiId <= 0) throw new RpcError(400, 'API_ID_INVALID')
  requireOwnCentre(context)
  const { services } = context
  const user = await accountOfPhone(services, phoneHmac(services.keyring, phone))
  if (user !== undefined && (await isGuessedTooOften(services, user)))
    throw new RpcError(406, 'PHONE_PASSWORD_FLOOD')
  return giveCode(context, phone, user)
}

export const resendCode: OpenHandler<'auth.resendCode'> = async (call, context) => {
  const phone = requirePhone(call.phoneNumber)
  const attempt = attemptOf(context, phone, call.phoneCodeHash)
  await requirePending(context.services, attempt)
  const user = await accountOfPhone(context.services, attempt.phoneHmac)
  return giveCode(context, phone, user, attempt.codeHash)
}

export const cancelCode: OpenHandler<'auth.cancelCode'> = async (call, context) => {
  const attempt = attemptOf(context, requirePhone(call.phoneNumber), call.phoneCodeHash)
  await requirePending(context.services, attempt)
  await forgetCode(context.services, attempt)
  return true
}

/**
 * For who has lost the mailbox that the codes go to: after a while, in which its owner can object by logging in, they come by
 * text message again. 400 EMAIL_INSTALL_MISSING where they do not go to one, TASK_ALREADY_EXISTS while it is waited for.
 */
export const resetLoginEmail: OpenHandler<'auth.resetLoginEmail'> = async (call, context) => {
  const { services, caller, now } = context
  const phone = requirePhone(call.phoneNumber)
  const attempt = attemptOf(context, phone, call.phoneCodeHash)
  await requirePending(services, attempt)
  const user = await accountOfPhone(services, attempt.phoneHmac)
  const email = user && (await loginEmail(services, user))
  if (user === undefined || email === undefined) throw new RpcError(400, 'EMAIL_INSTALL_MISSING')
  const self = { services, caller, user }
  if (email.resetAt !== null && email.resetAt > now) throw new RpcError(400, 'TASK_ALREADY_EXISTS')
  if (email.resetAt !== null) await setLoginEmail(self, null)
  else await setLoginEmail(self, { ...email, resetAt: now + EMAIL_RESET_SECONDS })
  return giveCode(context, phone, user, attempt.codeHash)
}

/** What names the log-in that a call goes on with. */
export function attemptOf(context: OpenContext, phone: string, codeHash: string): LoginAttempt {
  const { services, caller } = context
  return { codeHash, phoneHmac: phoneHmac(services.keyring, phone), keyId: caller.permanentKeyId }
}

/**
 * Counts the code against what one number may be sent, makes it and sends it where the number's account wants it.
 * @param user the number's account, where it has one
 */
export async function giveCode(
  context: OpenContext,
  phone: string,
  user: UserId | undefined,
  hash?: string,
): Promise<Result<'auth.sendCode'>> {
  const { services, caller } = context
  const hmac = phoneHmac(services.keyring, phone)
  const taken = await services.cache.take(`flood:phone:${hmac}`, services.config.flood.phone, 1)
  if (!taken.allowed) throw new RpcError(400, 'PHONE_NUMBER_FLOOD')
  const email = user && (await loginEmail(services, user))
  const { code, codeHash } = await issueCode(services, hmac, caller.permanentKeyId, hash)
  if (email !== undefined) {
    mailCode(services, email.address, code, WHY)
    return sent(codeHash, mailType(email, code.length))
  }
  services.loginCodes.show(phone, code)
  deliverCode(services, hmac, code)
  return sent(codeHash, { _: 'auth.sentCodeTypeSms', length: code.length })
}

function sent(phoneCodeHash: string, type: TlType<'auth.SentCodeType'>): Result<'auth.sendCode'> {
  const nextType = { _: 'auth.codeTypeSms' } as const
  return { _: 'auth.sentCode', type, phoneCodeHash, nextType, timeout: RESEND_SECONDS }
}

function mailType({ address, resetAt }: LoginEmail, length: number): TlType<'auth.SentCodeType'> {
  return {
    _: 'auth.sentCodeTypeEmailCode',
    emailPattern: addressPattern(address),
    length,
    ...(resetAt === null ? { resetAvailablePeriod: EMAIL_RESET_SECONDS } : { resetPendingDate: resetAt }),
  }
}
