import { users } from '@heliograph/storage'
import type { Handler, OpenHandler } from '../handler.ts'
import { attemptOf } from './code.ts'
import { invalidateCodes, requirePending } from './login-codes.ts'
import { requirePhone } from './phone.ts'

/** Codes that one call may name. */
const MAX_CODES = 10

/** A code that was sent to somebody is worth nothing any more: clients say so when its owner is about to give it away. */
export const invalidateSignInCodes: Handler<'account.invalidateSignInCodes'> = async (call, context) => {
  const { services, user } = context
  const phoneHmac = (await services.tables.get(users, { userId: user }))?.phoneHmac
  if (!phoneHmac) return true
  await invalidateCodes(services, phoneHmac, call.codes.slice(0, MAX_CODES))
  return true
}

/** Codes come by the operator's hand, who can be asked; it is only made sure that one is waited for. */
export const reportMissingCode: OpenHandler<'auth.reportMissingCode'> = async (call, context) => {
  const attempt = attemptOf(context, requirePhone(call.phoneNumber), call.phoneCodeHash)
  await requirePending(context.services, attempt)
  context.services.log.info({}, 'somebody waits for a log-in code that has not come')
  return true
}
