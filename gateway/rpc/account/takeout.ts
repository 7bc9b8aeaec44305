import { RpcError } from '@heliograph/schemas/tl'
import type { Caller } from '../../mtproto/ports.ts'
import type { Handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { secondsUntilSettled } from './fresh.ts'

/** How long a client may take to carry an account's data away. */
const LIFE_SECONDS = 24 * 3600
const ID_BYTES = 8
const DELAY_CODE = 420
const keyOf = (userId: number): string => `takeout:${userId}`

/**
 * Begins to carry the account's data away; an earlier take-out of the account ends. A session that is new has to wait, so that
 * the others can object: 420 TAKEOUT_INIT_DELAY_X.
 */
export const initTakeoutSession: Handler<'account.initTakeoutSession'> = async (_, context) => {
  const { services, user } = context
  const waitSeconds = await secondsUntilSettled(context)
  if (waitSeconds > 0) throw new RpcError(DELAY_CODE, `TAKEOUT_INIT_DELAY_${waitSeconds}`)
  const id = services.random(ID_BYTES).readBigInt64LE()
  await services.cache.set(keyOf(user), Buffer.from(String(id)), LIFE_SECONDS)
  return { _: 'account.takeout', id }
}

export const finishTakeoutSession: Handler<'account.finishTakeoutSession'> = async (_, context) => {
  const { services, user, caller } = context
  requireTakeout(caller)
  await services.cache.delete(keyOf(user))
  return true
}

/** Refuses what is not called inside `invokeWithTakeout`: 400 TAKEOUT_REQUIRED. */
export function requireTakeout({ takeoutId }: Pick<Caller, 'takeoutId'>): void {
  if (takeoutId === undefined) throw new RpcError(400, 'TAKEOUT_REQUIRED')
}

/** Refuses a call inside `invokeWithTakeout` that names no take-out of the account: 400 TAKEOUT_INVALID. */
export async function checkTakeout(
  { cache }: Pick<Services, 'cache'>,
  { userId, takeoutId }: Pick<Caller, 'userId' | 'takeoutId'>,
): Promise<void> {
  const id = userId === undefined ? undefined : await cache.get(keyOf(userId))
  if (id?.toString() !== String(takeoutId)) throw new RpcError(400, 'TAKEOUT_INVALID')
}
