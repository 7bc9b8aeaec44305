import type { UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { readSetting, writeSetting } from '../settings.ts'
import { requireSettled } from './fresh.ts'

/** How long something may be unused, in days. */
export interface TimeToLive {
  readonly setting: string
  readonly defaultDays: number
  readonly minDays: number
  readonly maxDays: number
}
/** After which an account is deleted. */
export const ACCOUNT_TTL: TimeToLive = { setting: 'account-ttl', defaultDays: 548, minDays: 30, maxDays: 730 }
/** After which a session is ended. */
export const SESSION_TTL: TimeToLive = {
  setting: 'authorization-ttl',
  defaultDays: 180,
  minDays: 1,
  maxDays: 366,
}
const DAYS_BYTES = 2
const DAY_SECONDS = 24 * 3600

export async function daysOf(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
  { setting, defaultDays }: TimeToLive,
): Promise<number> {
  return (await readSetting(services, userId, setting))?.readUInt16LE() ?? defaultDays
}

/** Whether what was last used at `activeAt` has been unused for too long. Both in Unix seconds. */
export function isIdle(activeAt: number, days: number, now: number): boolean {
  return activeAt + days * DAY_SECONDS <= now
}

/** Whether it might be, whatever its owner has chosen: the others need not be asked. */
export function mayBeIdle(activeAt: number, { minDays }: TimeToLive, now: number): boolean {
  return isIdle(activeAt, minDays, now)
}

export const getAccountTtl: Handler<'account.getAccountTTL'> = async (_, { services, user }) => ({
  _: 'accountDaysTTL',
  days: await daysOf(services, user, ACCOUNT_TTL),
})

export const setAccountTtl: Handler<'account.setAccountTTL'> = async (call, context) => {
  await setDays(context, ACCOUNT_TTL, call.ttl.days)
  return true
}

export const setAuthorizationTtl: Handler<'account.setAuthorizationTTL'> = async (call, context) => {
  await requireSettled(context, 'FRESH_RESET_AUTHORISATION_FORBIDDEN')
  await setDays(context, SESSION_TTL, call.authorizationTtlDays)
  return true
}

async function setDays(context: CallContext, ttl: TimeToLive, days: number): Promise<void> {
  if (days < ttl.minDays || days > ttl.maxDays) throw new RpcError(400, 'TTL_DAYS_INVALID')
  const value = Buffer.alloc(DAYS_BYTES)
  value.writeUInt16LE(days)
  await writeSetting(context, ttl.setting, value)
}
