import { timingSafeEqual } from 'node:crypto'
import type { UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { sendServiceMessage } from '../auth/service-message.ts'
import type { CallContext, OpenHandler } from '../handler.ts'
import { readSetting, writeSetting } from '../settings.ts'
import { eraseAccount } from './erase.ts'
import { ownProfile } from './own-profile.ts'
import { requirePassword } from './password/challenge.ts'
import { endPendingLogin, requireConcerned } from './password/pending-login.ts'
import { readPassword } from './password/stored.ts'

const SETTING = 'delete-at'
const SECONDS_BYTES = 4
const LINK_BYTES = 16
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

/** Whether it is the link by which the caller can call off the deletion of its account. */
export async function isDeletionLink(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  hash: string,
): Promise<boolean> {
  const asked = await readSetting(services, user, SETTING)
  const link = asked?.subarray(SECONDS_BYTES)
  const given = Buffer.from(hash, 'hex')
  return link?.length === LINK_BYTES && given.length === LINK_BYTES && timingSafeEqual(link, given)
}

/** Who has given the password has not forgotten it, and whose number it is wants to keep the account. */
export async function callOffDeletion(
  context: Pick<CallContext, 'services' | 'caller' | 'user'>,
): Promise<void> {
  const isAsked = (await readSetting(context.services, context.user, SETTING)) !== undefined
  if (isAsked) await writeSetting(context, SETTING, null)
}

async function requireWaited(context: Owned, now: number): Promise<void> {
  const asked = (await readSetting(context.services, context.user, SETTING))?.readUInt32LE()
  if (asked !== undefined && asked <= now) return
  if (asked === undefined) {
    await ask(context, now + CONFIRM_SECONDS)
  }
  throw new RpcError(CONFIRM_CODE, `2FA_CONFIRM_WAIT_${(asked ?? now + CONFIRM_SECONDS) - now}`)
}

/** Notes when the account may be deleted, and tells its sessions how that can be prevented. */
async function ask(context: Owned, at: number): Promise<void> {
  const value = Buffer.alloc(SECONDS_BYTES + LINK_BYTES)
  value.writeUInt32LE(at)
  const link = Buffer.from(context.services.random(LINK_BYTES))
  link.copy(value, SECONDS_BYTES)
  await writeSetting(context, SETTING, value)
  const { phone } = await ownProfile(context)
  const text = [
    `Somebody who knows your number, but not your password, asks to delete your account. That will be done from ${new Date(at * 1000).toUTCString()} on.`,
    '',
    `You prevent it by this link: tg://confirmphone?phone=${phone}&hash=${link.toString('hex')}`,
  ].join('\n')
  await sendServiceMessage(context.services, context.user, text)
}

type Owned = Pick<CallContext, 'services' | 'caller'> & { readonly user: UserId }
