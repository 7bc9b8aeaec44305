import { type PeerId, type UserId, WHEN_ONLINE } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'

/** What is due so soon is sent at once. */
const AT_ONCE_SECONDS = 10

/**
 * When a message is to be sent, Unix seconds: 0 at once, `WHEN_ONLINE` as soon as the other one is online.
 * @throws RpcError 400 SCHEDULE_DATE_INVALID
 */
export function dueOf(
  { now, user }: { readonly now: number; readonly user: UserId },
  peerId: PeerId,
  scheduleDate: number | undefined,
): number {
  if (scheduleDate === undefined) return 0
  if (scheduleDate === WHEN_ONLINE) return peerId > 0 && peerId !== (user as number) ? WHEN_ONLINE : refuse()
  if (scheduleDate <= 0) return refuse()
  return scheduleDate <= now + AT_ONCE_SECONDS ? 0 : scheduleDate
}

function refuse(): never {
  throw new RpcError(400, 'SCHEDULE_DATE_INVALID')
}

/** On messages that were scheduled. */
export const FROM_SCHEDULED = 'fromScheduled'
