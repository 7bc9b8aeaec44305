import { type UserId, userKey } from '@heliograph/schemas/avro'
import { authorizations, type RowOf, users } from '@heliograph/storage'
import type { AuthKeyId } from '../../mtproto/ports.ts'
import { unlessAway } from '../cache-away.ts'
import type { Services } from '../services.ts'
import { eraseAccount, finishErasure, isUnfinished } from './erase.ts'
import { ACCOUNT_TTL, daysOf, isIdle, mayBeIdle, SESSION_TTL } from './ttl.ts'

/** How often a node looks whether it is time for a sweep, and how often there is one. */
export const LOOK_INTERVAL_MS = 10 * 60_000
export const SWEEP_INTERVAL_SECONDS = 6 * 3600
/** A deletion that was broken off is gone on with for so long. */
const UNFINISHED_SECONDS = 30 * 24 * 3600
const LOCK = 'sweep:accounts'
const DAY_SECONDS = 24 * 3600

type Ports = Pick<Services, 'cache' | 'log' | 'config'>
type UserRow = RowOf<typeof users>

/** What is to be done about an account. */
export type Due = 'erase' | 'finish' | 'touch' | 'nothing'

/** What is due of a user's row; `erase` is to be asked of its owner's settings first. */
export function dueOf({ deletedAt, activeAt }: Pick<UserRow, 'deletedAt' | 'activeAt'>, now: number): Due {
  if (deletedAt !== null) return deletedAt + UNFINISHED_SECONDS > now ? 'finish' : 'nothing'
  // Made before it was noted when accounts are used: its time begins now.
  if (activeAt === null) return 'touch'
  return mayBeIdle(activeAt, ACCOUNT_TTL, now) ? 'erase' : 'nothing'
}

/** Now and then ends, on one of the nodes, sessions and accounts that nobody uses any more. Returns what stops it. */
export function startSweeping(services: Services): () => void {
  const look = () => {
    sweepInTurn(services).catch((error: unknown) =>
      services.log.warn({ error: String(error) }, 'unused sessions and accounts were not all looked at'),
    )
  }
  const timer = setInterval(look, LOOK_INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** A sweep, unless there was one lately; none while the cache is away. */
export async function sweepInTurn(services: Services): Promise<boolean> {
  const { cache, config }: Ports = services
  const isTurn = cache.add(LOCK, Buffer.from(config.node), SWEEP_INTERVAL_SECONDS)
  if (!(await unlessAway(isTurn, false))) return false
  await sweepSessions(services)
  await sweepAccounts(services)
  return true
}

/** Ends sessions that have been idle for longer than their accounts want. */
export async function sweepSessions(services: Services): Promise<void> {
  const now = Math.floor(services.nowMs() / 1000)
  const days = new Map<number, number>()
  for await (const row of services.tables.scan(authorizations)) {
    const activeAt = row.activeAt ?? row.createdAt ?? now
    if (!mayBeIdle(activeAt, SESSION_TTL, now)) continue
    const userId = row.userId as UserId
    const allowed = days.get(userId) ?? (await daysOf(services, userId, SESSION_TTL))
    days.set(userId, allowed)
    if (isIdle(activeAt, allowed, now)) await services.authKeys.logOut(row.authKeyId as AuthKeyId, undefined)
  }
}

/** Erases accounts that have been idle for longer than they want, and ends what an earlier erasure has left. */
export async function sweepAccounts(services: Services): Promise<void> {
  const now = Math.floor(services.nowMs() / 1000)
  for await (const row of services.tables.scan(users)) {
    const userId = row.userId as UserId
    switch (dueOf(row, now)) {
      case 'finish':
        if (await isUnfinished(services, userId)) await finishErasure(services, userId, undefined)
        break
      case 'touch':
        await services.commands.ask(
          'account.commands',
          userKey(userId),
          { type: 'TouchUser', userId },
          undefined,
        )
        break
      case 'erase':
        await eraseIfIdle(services, userId, row.activeAt as number, now)
        break
      case 'nothing':
        break
    }
  }
}

async function eraseIfIdle(services: Services, userId: UserId, activeAt: number, now: number): Promise<void> {
  const days = await daysOf(services, userId, ACCOUNT_TTL)
  if (isIdle(activeAt, days, now)) await eraseAccount(services, userId, now - days * DAY_SECONDS, undefined)
}
