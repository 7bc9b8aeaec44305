import type { UserId } from '@heliograph/schemas/avro'
import { type Result, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { type CodePurpose, checkEmailCode, forgetEmailCode, sendEmailCode } from '../auth/email-codes.ts'
import { isPending } from '../auth/login-codes.ts'
import { addressPattern, isMailAddress } from '../auth/mailer.ts'
import { phoneHmac, requirePhone } from '../auth/phone.ts'
import type { CallContext, OpenContext, OpenHandler } from '../handler.ts'
import type { Services } from '../services.ts'
import { readSetting, writeSetting } from '../settings.ts'

const SETTING = 'login-email'
const WHY = 'Codes to log in to your account will be sent to this address.'

/** Where an account has its log-in codes sent, instead of by text message. */
export interface LoginEmail {
  readonly address: string
  /** When text messages are to be used again (Unix seconds), where that was asked for. */
  readonly resetAt: number | null
}
interface Stored {
  readonly email: LoginEmail | null
  /** An address whose code has not been given yet. */
  readonly unverified: string | null
}

export async function loginEmail(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<LoginEmail | undefined> {
  return (await read(services, userId)).email ?? undefined
}

/** Writes the address of an account, or takes it away. */
export async function setLoginEmail(
  context: Pick<CallContext, 'services' | 'user' | 'caller'>,
  email: LoginEmail | null,
): Promise<void> {
  await write(context, { email, unverified: null })
}

export const sendVerifyEmailCode: OpenHandler<'account.sendVerifyEmailCode'> = async (call, context) => {
  if (call.purpose._ === 'emailVerifyPurposeLoginSetup') await requireLoginOf(call.purpose, context)
  const self = requirePurpose(call.purpose, context)
  if (!isMailAddress(call.email)) throw new RpcError(400, 'EMAIL_INVALID')
  const before = await read(context.services, self.user)
  await write(self, { ...before, unverified: call.email })
  const length = await sendEmailCode(context.services, purposeOf(self.user, call.email), WHY)
  return { _: 'account.sentEmailCode', emailPattern: addressPattern(call.email), length }
}

export const verifyEmail: OpenHandler<'account.verifyEmail'> = async (call, context) => {
  const self = requirePurpose(call.purpose, context)
  const { unverified } = await read(context.services, self.user)
  if (unverified === null) throw new RpcError(400, 'EMAIL_VERIFY_EXPIRED')
  const purpose = purposeOf(self.user, unverified)
  const checked = await checkEmailCode(context.services, purpose, mailedCode(call.verification))
  if (checked === 'expired') throw new RpcError(400, 'EMAIL_VERIFY_EXPIRED')
  if (checked === 'wrong') throw new RpcError(400, 'CODE_INVALID')
  await setLoginEmail(self, { address: unverified, resetAt: null })
  await forgetEmailCode(context.services, purpose)
  return { _: 'account.emailVerified', email: unverified } satisfies Result<'account.verifyEmail'>
}

/** The code in a verification; nobody else vouches for an address here: 400 EMAIL_NOT_ALLOWED. */
export function mailedCode(verification: TlType<'EmailVerification'>): string {
  if (verification._ === 'emailVerificationCode') return verification.code
  throw new RpcError(400, 'EMAIL_NOT_ALLOWED')
}

/** The log-in that an address is to be set up for has begun: 400 PHONE_NUMBER_INVALID, PHONE_HASH_EXPIRED. */
async function requireLoginOf(
  { phoneNumber, phoneCodeHash: codeHash }: Tl<'emailVerifyPurposeLoginSetup'>,
  { services, caller }: OpenContext,
): Promise<void> {
  const hmac = phoneHmac(services.keyring, requirePhone(phoneNumber))
  const attempt = { codeHash, phoneHmac: hmac, keyId: caller.permanentKeyId }
  if (!(await isPending(services, attempt))) throw new RpcError(400, 'PHONE_HASH_EXPIRED')
}

/** Only who is logged in has an address to choose: no log-in here asks for one, and there are no passports. */
function requirePurpose(
  purpose: TlType<'EmailVerifyPurpose'>,
  { services, caller }: OpenContext,
): Pick<CallContext, 'services' | 'user' | 'caller'> {
  if (purpose._ === 'emailVerifyPurposeLoginSetup') throw new RpcError(400, 'EMAIL_NOT_SETUP')
  if (purpose._ === 'emailVerifyPurposePassport') throw new RpcError(400, 'EMAIL_NOT_ALLOWED')
  if (caller.userId === undefined) throw new RpcError(401, 'AUTH_KEY_UNREGISTERED')
  return { services, caller, user: caller.userId as UserId }
}

async function read(services: Pick<Services, 'tables' | 'keyring'>, userId: UserId): Promise<Stored> {
  const value = await readSetting(services, userId, SETTING)
  return value === undefined ? { email: null, unverified: null } : (JSON.parse(value.toString()) as Stored)
}

async function write(
  context: Pick<CallContext, 'services' | 'user' | 'caller'>,
  stored: Stored,
): Promise<void> {
  const isEmpty = stored.email === null && stored.unverified === null
  await writeSetting(context, SETTING, isEmpty ? null : Buffer.from(JSON.stringify(stored)))
}

const purposeOf = (user: UserId, address: string): CodePurpose => ({
  kind: 'login-email',
  subject: String(user),
  address,
})
