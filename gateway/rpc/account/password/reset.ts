import { RpcError } from '@heliograph/schemas/tl'
import { sendServiceMessage } from '../../auth/service-message.ts'
import type { CallContext, Handler } from '../../handler.ts'
import { removed } from './settings.ts'
import { readPassword, writePassword } from './stored.ts'

/** How long whoever knows the password has to object (core.telegram.org/api/srp#password-reset). */
export const RESET_DELAY_SECONDS = 7 * 24 * 3600
/** After an objection it cannot be asked for again for so long. */
export const RETRY_DELAY_SECONDS = 24 * 3600

/** Takes the password away without it, once that has been asked for long enough ago. */
export const resetPassword: Handler<'account.resetPassword'> = async (_, context) => {
  const { services, user, caller, now } = context
  const before = await readPassword(services, user)
  if (before.password === null) throw new RpcError(400, 'PASSWORD_EMPTY')
  const { resetAt, declinedAt } = before
  if (resetAt !== null && resetAt > now)
    return { _: 'account.resetPasswordRequestedWait', untilDate: resetAt }
  if (resetAt !== null) {
    await writePassword(services, user, removed(before), caller)
    return { _: 'account.resetPasswordOk' }
  }
  if (declinedAt !== null && declinedAt + RETRY_DELAY_SECONDS > now)
    return { _: 'account.resetPasswordFailedWait', retryDate: declinedAt + RETRY_DELAY_SECONDS }
  const untilDate = now + RESET_DELAY_SECONDS
  await writePassword(services, user, { ...before, resetAt: untilDate }, caller)
  warn(context, untilDate)
  return { _: 'account.resetPasswordRequestedWait', untilDate }
}

export const declinePasswordReset: Handler<'account.declinePasswordReset'> = async (_, context) => {
  const { services, user, caller, now } = context
  const before = await readPassword(services, user)
  if (before.resetAt === null) throw new RpcError(400, 'RESET_REQUEST_MISSING')
  await writePassword(services, user, { ...before, resetAt: null, declinedAt: now }, caller)
  return true
}

/** Nobody waits for this. */
function warn({ services, user }: CallContext, untilDate: number): void {
  const date = new Date(untilDate * 1000).toUTCString()
  const text = `Somebody on one of your devices has asked to take away the password of your account, which can be done from ${date}. Was it not you? Then decline it: Settings, Privacy and Security.`
  sendServiceMessage(services, user, text).catch((error: unknown) =>
    services.log.warn({ error: String(error) }, 'the reset of a password was not announced'),
  )
}
