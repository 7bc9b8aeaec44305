import {
  ADMIN_RIGHTS,
  type ClosePoll,
  chatKindOf,
  type PollClosed,
  type UserId,
} from '@heliograph/schemas/avro'
import { polls, type RowOf, type RowRef } from '@heliograph/storage'
import { mayAdminister } from '../chat/rights.ts'
import { placeOf, placeRefs } from '../reaction/place.ts'
import type { At, Decision, Rejection, Rows } from '../runtime/decider.ts'
import { factsOf, isClosed } from './state.ts'

const messageIdInvalid: Rejection = { code: 400, message: 'MESSAGE_ID_INVALID' }
const authorRequired: Rejection = { code: 403, message: 'MESSAGE_AUTHOR_REQUIRED' }
const notModified: Rejection = { code: 400, message: 'MESSAGE_NOT_MODIFIED' }

const NO_RIGHT = 0

export function needsOfClose(command: ClosePoll): RowRef[] {
  const { chatId, seq } = command
  return [...placeRefs(command), { table: polls, key: { chatId, seq } }]
}

/**
 * Its author closes a poll, and in a broadcast whoever may edit posts. Rejects with MESSAGE_ID_INVALID (no poll),
 * MESSAGE_AUTHOR_REQUIRED, MESSAGE_NOT_MODIFIED (closed already), and as `placeOf`.
 */
export function decideClose(rows: Rows, command: ClosePoll, at: At): Decision<PollClosed> {
  const { chatId, seq, userId } = command
  const place = placeOf(rows, command, at, NO_RIGHT)
  if ('rejected' in place) return place
  const poll = rows.get(polls, { chatId, seq })
  if (poll === undefined) return { rejected: messageIdInvalid }
  const editsPosts =
    place.info?.kind === 'broadcast' && mayAdminister(place.member, ADMIN_RIGHTS.editMessages)
  if (place.message.row.senderId !== userId && !editsPosts) return { rejected: authorRequired }
  if (isClosed(poll, at.date)) return { rejected: notModified }
  return { events: [closedEvent(poll, command, place.message.keptBy, at)] }
}

/** That nobody votes any more, by whom; `keptBy` are those who have the message where it is not one for all. */
export function closedEvent(
  poll: RowOf<typeof polls>,
  { chatId, seq, userId }: Omit<ClosePoll, 'type'>,
  keptBy: readonly UserId[],
  at: At,
): PollClosed {
  return {
    type: 'PollClosed',
    chatId,
    seq,
    byUserId: userId,
    date: at.date,
    authorId: (poll.authorId ?? 0) as UserId,
    poll: factsOf(poll),
    told: chatKindOf(chatId) === 'private' ? [...keptBy] : [],
  }
}
