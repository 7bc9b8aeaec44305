import type { RequestsAnswered, SetBanned, UserId } from '@heliograph/schemas/avro'
import { joinRequests, type RowRef } from '@heliograph/storage'
import type { At, Rows } from '../runtime/decider.ts'
import { effectOf } from './change.ts'

const requestKey = ({ chatId, peerId }: SetBanned) => ({ chatId, userId: peerId as number as UserId })

export function needsOfTurningAway(command: SetBanned): RowRef[] {
  return [{ table: joinRequests, key: requestKey(command) }]
}

/** Who is removed for good and had asked to be let in is turned away by that; administrators see one request less. */
export function turnedAway(rows: Rows, command: SetBanned, at: At): RequestsAnswered[] {
  const { chatId, byUserId } = command
  const key = requestKey(command)
  const request = rows.get(joinRequests, key)
  if (request === undefined) return []
  return [
    {
      type: 'RequestsAnswered',
      chatId,
      userIds: [key.userId],
      invites: [request.invite ?? ''],
      approved: false,
      ...effectOf({ chatId, byUserId, change: 'ban' }, at, false),
    },
  ]
}
