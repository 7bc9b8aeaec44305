import { RpcError } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { sessionsOf } from './sessions.ts'

const FORBIDDEN_CODE = 406

/**
 * Whoever has just got into an account must not throw its owner out: a session that is new (see `freshSessionSeconds`) may do
 * nothing to older ones. Resolves to the seconds until the caller's session may, 0 where it may now.
 * @param target the auth key of the one session that the call is about; all others if absent
 */
export async function secondsUntilSettled(context: CallContext, target?: string): Promise<number> {
  const { services, user, caller, now } = context
  const { freshSessionSeconds } = services.config
  if (freshSessionSeconds === 0) return 0
  const rows = await sessionsOf(services, user)
  const own = rows.find(({ authKeyId }) => authKeyId === caller.permanentKeyId)?.createdAt ?? now
  const others = rows.filter(({ authKeyId }) => target === undefined || authKeyId === target)
  const isNewer = others.some(({ createdAt }) => (createdAt ?? 0) < own)
  return isNewer ? Math.max(0, own + freshSessionSeconds - now) : 0
}

/** Refuses with 406 `message` where the caller's session is too new for that. */
export async function requireSettled(context: CallContext, message: string, target?: string): Promise<void> {
  if ((await secondsUntilSettled(context, target)) > 0) throw new RpcError(FORBIDDEN_CODE, message)
}
