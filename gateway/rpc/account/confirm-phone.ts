import { RpcError } from '@heliograph/schemas/tl'
import { attemptOf, giveCode } from '../auth/code.ts'
import { forgetCode, verifyCode } from '../auth/login-codes.ts'
import type { Handler } from '../handler.ts'
import { callOffDeletion, isDeletionLink } from './delete.ts'
import { ownProfile } from './own-profile.ts'

/**
 * The owner of an account, whose deletion somebody has asked for without its password, follows the link that it was sent: a code goes
 * to its number. 400 HASH_INVALID for any other link.
 */
export const sendConfirmPhoneCode: Handler<'account.sendConfirmPhoneCode'> = async ({ hash }, context) => {
  if (!(await isDeletionLink(context, hash))) throw new RpcError(400, 'HASH_INVALID')
  return giveCode(context, (await ownProfile(context)).phone, context.user)
}

/** With that code the number is known to be the caller's: the account stays. */
export const confirmPhone: Handler<'account.confirmPhone'> = async (call, context) => {
  if (call.phoneCode === '') throw new RpcError(400, 'PHONE_CODE_EMPTY')
  const attempt = attemptOf(context, (await ownProfile(context)).phone, call.phoneCodeHash)
  await verifyCode(context.services, attempt, call.phoneCode).catch(asHash)
  await callOffDeletion(context)
  await forgetCode(context.services, attempt)
  return true
}

/** A code that is not asked for is known by its hash alone here. */
function asHash(error: unknown): never {
  const isUnknown =
    error instanceof RpcError &&
    (error.message.includes('PHONE_CODE_EXPIRED') || error.message.includes('PHONE_CODE_HASH_EMPTY'))
  throw isUnknown ? new RpcError(400, 'CODE_HASH_INVALID') : error
}
