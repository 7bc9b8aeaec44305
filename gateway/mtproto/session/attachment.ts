/** Which sessions get updates: those that are connected, logged in, and asked for something that a user of updates asks. */
import type { AuthKeyId } from '../ports.ts'
import type { Context } from './context.ts'
import { forgetPush } from './kept.ts'
import { dropQueuedPushes, flushSession, queuePush } from './outbox.ts'
import type { Session } from './session.ts'

const UPDATES_TOO_LONG = { _: 'updatesTooLong' } as const

/** Attaches, detaches or re-attaches the session, as its key's login and its links now say. */
export function refreshAttachment(ctx: Context, session: Session): void {
  const user = session.key.owner.userId
  if (session.attached && user !== session.userId) detachFromObserver(ctx, session)
  if (session.attached || user === undefined) return
  if (!session.wantsUpdates || session.closed || session.stalled || session.links.length === 0) return
  session.attached = true
  session.userId = user
  ctx.ports.observer.attached(session)
  if (session.missedUpdates) tellMissed(ctx, session)
}

/** Makes the client take the difference. */
export function tellMissed(ctx: Context, session: Session): void {
  session.missedUpdates = false
  session.forgotPushes = false
  queuePush(ctx, session, ctx.pushes.encode(UPDATES_TOO_LONG, session.layer))
}

export function detachFromObserver(ctx: Context, session: Session): void {
  if (!session.attached) return
  session.attached = false
  session.missedUpdates = true
  ctx.ports.observer.detached(session)
}

/** Queues an update; false when the session takes none, because it is gone, away or too slow. */
export function pushUpdates(ctx: Context, session: Session, updates: unknown): boolean {
  if (!session.attached || session.closed) return false
  // The key has been logged out elsewhere: its user's updates are not for it any more.
  if (session.key.owner.userId !== session.userId) {
    detachFromObserver(ctx, session)
    return false
  }
  const { limits } = ctx
  if (session.outbox.length >= limits.outboxMessages || session.outboxBytes >= limits.outboxBytes) {
    overflow(ctx, session)
    return false
  }
  try {
    queuePush(ctx, session, ctx.pushes.encode(updates, session.layer))
  } catch (error) {
    // A value that cannot be written must not stop the push to others; the gap in pts makes the client ask.
    ctx.ports.onBug(error, 'an update')
  }
  return true
}

/** Pushes to the connected sessions of a key; one that is slow, or has more than it takes, does without. */
export function tellKey(ctx: Context, permanent: AuthKeyId, updates: object): void {
  for (const { sessions } of ctx.keys.statesOf(permanent)) {
    for (const session of sessions) {
      const isFull = session.outbox.length >= ctx.limits.outboxMessages
      if (session.links.length === 0 || session.stalled || isFull) continue
      queuePush(ctx, session, ctx.pushes.encode(updates, session.layer))
    }
  }
}

/** A slow reader loses what waits for it and is told to take the difference when it reads again. */
function overflow(ctx: Context, session: Session): void {
  ctx.ports.telemetry?.overflowed()
  for (const push of dropQueuedPushes(session)) forgetPush(session, push)
  detachFromObserver(ctx, session)
}

/** The link takes bytes again. */
export function resume(ctx: Context, session: Session): void {
  session.stalled = false
  ctx.flusher.mark(session)
}

/** Writes what the session has to say; one that had lost its queue is attached again when that went well. */
export function flushAndReattach(ctx: Context, session: Session): void {
  flushSession(ctx, session)
  if (session.missedUpdates && !session.attached && !session.stalled) refreshAttachment(ctx, session)
}
