import type { Tl } from '@heliograph/schemas/tl'
import { dialogs } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { countersOf } from '../messages/answers.ts'

/** Dialogs whose unread messages are summed up; more than clients show as a number anyway. */
const MAX_SUMMED_DIALOGS = 1000

/**
 * The caller's state: pts of the mailbox, once no crash can undo it; there are no secret chats (qts) and no sequence of
 * update packets (seq) yet.
 */
export async function stateOf(context: CallContext): Promise<Tl<'updates.state'>> {
  const [{ pts }, unreadCount] = await Promise.all([countersOf(context), unreadCountOf(context)])
  await context.services.durable()
  return stateAt(pts, context.now, unreadCount)
}

export function stateAt(pts: number, date: number, unreadCount: number): Tl<'updates.state'> {
  return { _: 'updates.state', pts, qts: 0, date, seq: 0, unreadCount }
}

async function unreadCountOf({ services, user }: CallContext): Promise<number> {
  const rows = await services.tables.range(dialogs, { userId: user }, { limit: MAX_SUMMED_DIALOGS })
  return rows.reduce((sum, row) => sum + (row.unread ?? 0), 0)
}

/** `updates.getState` */
export const getState: Handler<'updates.getState'> = async (_, context) => {
  await context.services.hearing.until(context.user)
  return stateOf(context)
}
