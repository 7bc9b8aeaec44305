import type { AuthKeyId } from '../ports.ts'
import { refreshAttachment } from './attachment.ts'
import type { RunningCall } from './call.ts'
import type { Context } from './context.ts'
import type { Session } from './session.ts'

/** After a call that may have logged its key in or out: the sessions of the key get updates, or no more. */
export function refreshOwner(ctx: Context, call: RunningCall, method: string): void {
  const { session } = call
  const { key } = session
  const owner = ctx.ports.authKeys.cached(key.owner.id)
  if (owner && owner !== key.owner) ctx.keys.use(key.key.id === owner.id ? owner : key.key, owner)
  if (call.userId !== undefined && !session.attached && isMain(session, method)) session.wantsUpdates = true
  refreshSessionsOf(ctx, key.owner.id)
}

/** The session that completes a login is the one that the user looks at, unless it is one for files. */
function isMain(session: Session, method: string): boolean {
  return !session.declinedUpdates && method !== 'auth.importAuthorization'
}

/** The login of a key has changed: every session that it or a key bound to it has is looked at again. */
export function refreshSessionsOf(ctx: Context, permanent: AuthKeyId): void {
  for (const state of ctx.keys.statesOf(permanent)) {
    for (const session of state.sessions) refreshAttachment(ctx, session)
  }
}
