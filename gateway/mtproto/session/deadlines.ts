import { arm } from './arm.ts'
import { detachFromObserver } from './attachment.ts'
import type { Context } from './context.ts'
import { acknowledgeSoon } from './outbox.ts'
import type { Session } from './session.ts'

/** Does what is due in a session and arms it for the rest. */
export function sessionDeadline(ctx: Context, session: Session, nowMs: number): void {
  if (session.closed) return
  session.armedMs = 0
  if (isDue(session.ackDueMs, nowMs)) acknowledgeRunning(ctx, session)
  if (isDue(session.holdDueMs, nowMs)) endHold(ctx, session)
  if (isDue(session.gapDueMs, nowMs)) endGap(ctx, session)
  if (isDue(session.lingerDueMs, nowMs)) {
    ctx.keys.removeSession(session)
    return
  }
  const next = earliest(session)
  if (next !== 0) arm(ctx, session, next)
}

function isDue(dueMs: number, nowMs: number): boolean {
  return dueMs !== 0 && dueMs <= nowMs
}

/** Calls that still run are acknowledged on their own, or the client would send them again. */
function acknowledgeRunning(ctx: Context, session: Session): void {
  session.ackDueMs = 0
  for (const call of session.calls?.values() ?? []) {
    if (call.answer || call.acknowledged) continue
    call.acknowledged = true
    acknowledgeSoon(ctx, session, call.msgId)
  }
}

function endHold(ctx: Context, session: Session): void {
  session.holdDueMs = 0
  ctx.flusher.mark(session)
}

function endGap(ctx: Context, session: Session): void {
  session.gapDueMs = 0
  if (session.links.length === 0) detachFromObserver(ctx, session)
}

function earliest(session: Session): number {
  let due = 0
  for (const at of [session.ackDueMs, session.holdDueMs, session.gapDueMs, session.lingerDueMs]) {
    if (at !== 0 && (due === 0 || at < due)) due = at
  }
  return due
}
