/** A session's connections: it may have none, one, or several at a time. */
import type { PacketLink } from '../ports.ts'
import { arm } from './arm.ts'
import { detachFromObserver, refreshAttachment, tellMissed } from './attachment.ts'
import type { Context } from './context.ts'
import { unacknowledged } from './kept.ts'
import { queueAgain } from './outbox.ts'
import type { Session } from './session.ts'

/** A packet of the session came on a link that has not carried it before. */
export function addLink(ctx: Context, session: Session, link: PacketLink): void {
  session.links = session.links.length === 0 ? [link] : session.links.concat(link)
  session.lingerDueMs = 0
  session.gapDueMs = 0
  session.stalled = false
  // Over http every request is a link of its own, and what it asked comes with it; elsewhere a new link means that the
  // former may have lost what it was given.
  if (link.kind !== 'http') sendAgain(ctx, session)
  ctx.flusher.mark(session)
  refreshAttachment(ctx, session)
}

export function removeLink(ctx: Context, session: Session, link: PacketLink): void {
  if (session.links.includes(link)) session.links = session.links.filter((other) => other !== link)
  if (session.links.length > 0 || session.closed) return
  session.stalled = false
  const now = ctx.ports.now()
  session.lingerDueMs = now + ctx.limits.sessionLingerMs
  arm(ctx, session, session.lingerDueMs)
  if (link.kind !== 'http') return detachFromObserver(ctx, session)
  session.gapDueMs = now + ctx.limits.httpGapMs
  arm(ctx, session, session.gapDueMs)
}

function sendAgain(ctx: Context, session: Session): void {
  for (const message of unacknowledged(session)) queueAgain(ctx, session, message)
  if (session.forgotPushes && session.attached) tellMissed(ctx, session)
}
