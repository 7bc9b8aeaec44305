import type { UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import type { CallContext, OpenHandler } from '../handler.ts'
import { readSetting, writeSetting } from '../settings.ts'
import { eraseAccount } from './erase.ts'
import { requirePassword } from './password/challenge.ts'
import { endPendingLogin, requireConcerned } from './password/pending-login.ts'
import { readPassword } from './password/stored.ts'

const SETTING = 'delete-at'
const SECONDS_BYTES = 4
/** How long whoever knows the password has to log in, where it was forgotten. */
export const CONFIRM_SECONDS = 7 * 24 * 3600
const CONFIRM_CODE = 420

/**
 * Deletes the account of the caller, or the one whose password it does not know. Where there is a password, and it is not given,
 * that takes a while, which 420 2FA_CONFIRM_WAIT_X tells in seconds.
 */
export const deleteAccount: OpenHandler<'account.deleteAccount'> = async (call, context) => {
  const { services, caller, now } = context
  const user = await requireConcerned(context)
  const { password } = await readPassword(services, user)
  if (password !== null) {
    if (call.password) {
      await requirePassword(services, caller.permanentKeyId, user, password, call.password)
    } else await requireWaited({ services, caller, user }, now)
  }
  await eraseAccount(services, user, null, caller)
  await endPendingLogin(services, caller.permanentKeyId)
  return true
}

/** Who has given the password has not forgotten it. */
export async function callOffDeletion(
  context: Pick<CallContext, 'services' | 'caller' | 'user'>,
): Promise<void> {
  const isAsked = (await readSetting(context.services, context.user, SETTING)) !== undefined
  if (isAsked) await writeSetting(context, SETTING, null)
}

async function requireWaited(
  context: Pick<CallContext, 'services' | 'caller'> & { readonly user: UserId },
  now: number,
): Promise<void> {
  const asked = (await readSetting(context.services, context.user, SETTING))?.readUInt32LE()
  if (asked !== undefined && asked <= now) return
  if (asked === undefined) {
    const value = Buffer.alloc(SECONDS_BYTES)
    value.writeUInt32LE(now + CONFIRM_SECONDS)
    await writeSetting(context, SETTING, value)
  }
  throw new RpcError(CONFIRM_CODE, `2FA_CONFIRM_WAIT_${(asked ?? now + CONFIRM_SECONDS) - now}`)
}
