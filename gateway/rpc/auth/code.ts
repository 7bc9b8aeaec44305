import { type Result, RpcError } from '@heliograph/schemas/tl'
import type { OpenContext, OpenHandler } from '../handler.ts'
import { deliverCode } from './code-message.ts'
import { forgetCode, issueCode, type LoginAttempt, requirePending } from './login-codes.ts'
import { phoneHmac, requirePhone } from './phone.ts'

/** After this many seconds clients offer to send the code again. */
const RESEND_SECONDS = 60

/** The answer is the same whether or not the number has an account. */
export const sendCode: OpenHandler<'auth.sendCode'> = (call, context) => {
  const phone = requirePhone(call.phoneNumber, 406)
  if (call.apiId <= 0) throw new RpcError(400, 'API_ID_INVALID')
  return giveCode(context, phone)
}

export const resendCode: OpenHandler<'auth.resendCode'> = async (call, context) => {
  const phone = requirePhone(call.phoneNumber)
  const attempt = attemptOf(context, phone, call.phoneCodeHash)
  await requirePending(context.services, attempt)
  return giveCode(context, phone, attempt.codeHash)
}

export const cancelCode: OpenHandler<'auth.cancelCode'> = async (call, context) => {
  const attempt = attemptOf(context, requirePhone(call.phoneNumber), call.phoneCodeHash)
  await requirePending(context.services, attempt)
  await forgetCode(context.services, attempt)
  return true
}

/** What names the log-in that a call goes on with. */
export function attemptOf(context: OpenContext, phone: string, codeHash: string): LoginAttempt {
  const { services, caller } = context
  return { codeHash, phoneHmac: phoneHmac(services.keyring, phone), keyId: caller.permanentKeyId }
}

async function giveCode(
  context: OpenContext,
  phone: string,
  hash?: string,
): Promise<Result<'auth.sendCode'>> {
  const { services, caller } = context
  const hmac = phoneHmac(services.keyring, phone)
  const taken = await services.cache.take(`flood:phone:${hmac}`, services.config.flood.phone, 1)
  if (!taken.allowed) throw new RpcError(400, 'PHONE_NUMBER_FLOOD')
  const { code, codeHash } = await issueCode(services, hmac, caller.permanentKeyId, hash)
  services.loginCodes.show(phone, code)
  deliverCode(services, hmac, code)
  return {
    _: 'auth.sentCode',
    type: { _: 'auth.sentCodeTypeSms', length: code.length },
    phoneCodeHash: codeHash,
    nextType: { _: 'auth.codeTypeSms' },
    timeout: RESEND_SECONDS,
  }
}
