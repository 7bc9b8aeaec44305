import type { Context } from './context.ts'
import type { Session } from './session.ts'

/** Makes sure that the wheel calls the session at `dueMs` or before. */
export function arm(ctx: Context, session: Session, dueMs: number): void {
  if (session.armedMs !== 0 && session.armedMs <= dueMs) return
  session.armedMs = dueMs
  ctx.wheel.add(session, dueMs)
}
