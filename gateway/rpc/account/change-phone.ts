import { phoneKey, type UserId, userKey } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { phones, users } from '@heliograph/storage'
import { attemptOf, giveCode } from '../auth/code.ts'
import { accountOfPhone } from '../auth/log-in.ts'
import { forgetCode, verifyCode } from '../auth/login-codes.ts'
import { phoneHmac, requirePhone } from '../auth/phone.ts'
import type { CallContext, Handler } from '../handler.ts'
import { sealProfile } from '../sealed.ts'
import { requireSettled } from './fresh.ts'
import { ownProfile } from './own-profile.ts'
import { self } from './profile.ts'

export const sendChangePhoneCode: Handler<'account.sendChangePhoneCode'> = async (call, context) => {
  const phone = requirePhone(call.phoneNumber)
  await requireSettled(context, 'FRESH_CHANGE_PHONE_FORBIDDEN')
  await requireFree(context, phoneHmac(context.services.keyring, phone))
  return giveCode(context, phone, undefined)
}

/**
 * The account has another number from now on, and the former one is free; contacts and chats stay. The number is claimed first:
 * of two accounts that want it one gets it, and whoever breaks off half-way can go on.
 */
export const changePhone: Handler<'account.changePhone'> = async (call, context) => {
  const { services, user, caller } = context
  const phone = requirePhone(call.phoneNumber)
  const attempt = attemptOf(context, phone, call.phoneCodeHash)
  if (call.phoneCode === '') throw new RpcError(400, 'PHONE_CODE_EMPTY')
  await verifyCode(services, attempt, call.phoneCode)
  const replaces = await requireFree(context, attempt.phoneHmac)
  const claim = { type: 'ClaimPhone', phoneHmac: attempt.phoneHmac, userId: user, replaces } as const
  await services.commands.ask('account.commands', phoneKey(attempt.phoneHmac), claim, caller)
  const profile = await sealProfile(services, user, { ...(await ownProfile(context)), phone })
  const change = { type: 'ChangePhone', userId: user, phoneHmac: attempt.phoneHmac, profile } as const
  await services.commands.ask('account.commands', userKey(user), change, caller)
  services.directory.profileChanged(user)
  await forgetCode(services, attempt)
  return self(context)
}

/** Refuses the number of another account; the user id that the number has where none was made of it, otherwise null. */
async function requireFree({ services, user }: CallContext, hmac: string): Promise<UserId | null> {
  const owner = await accountOfPhone(services, hmac)
  if (owner !== undefined) throw new RpcError(400, 'PHONE_NUMBER_OCCUPIED')
  const reserved = (await services.tables.get(phones, { phoneHmac: hmac }))?.userId ?? null
  if (reserved === null || reserved === user) return null
  // A deleted account gives its number up by itself.
  const isMade = (await services.tables.get(users, { userId: reserved })) !== undefined
  return isMade ? null : (reserved as UserId)
}
