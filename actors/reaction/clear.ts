import {
  ADMIN_RIGHTS,
  type ClearReactions,
  chatKindOf,
  MAX_CLEARED_REACTIONS,
  type MessageSeq,
  type ReactionsChanged,
} from '@heliograph/schemas/avro'
import { messageReactions, messageReactors, type RowRef } from '@heliograph/storage'
import { refusedRight } from '../chat/rights.ts'
import { chatRefs, memberOf } from '../chat/state.ts'
import { keptMessageRefs, storedMessage } from '../message/keepers.ts'
import { openChat, unknown } from '../message/members.ts'
import type { At, Decision, Rejection, Rows } from '../runtime/decider.ts'
import { changed } from './set.ts'
import { ownReactions, saidTo } from './state.ts'

const limitInvalid: Rejection = { code: 400, message: 'LIMIT_INVALID' }
const peerIdInvalid: Rejection = { code: 400, message: 'PEER_ID_INVALID' }

export function needsOfClear({ chatId, byUserId, userId, seqs }: ClearReactions): RowRef[] {
  if (seqs.length > MAX_CLEARED_REACTIONS) return []
  return [
    ...chatRefs(chatId, byUserId),
    ...seqs.flatMap((seq) => [
      ...keptMessageRefs(chatId, seq),
      { table: messageReactions, key: { chatId, seq } },
      { table: messageReactors, key: { chatId, seq, userId } },
    ]),
  ]
}

/**
 * Takes away what a member has said to messages of a group or channel; who may delete messages may. No event where there is
 * nothing. Rejects with LIMIT_INVALID, PEER_ID_INVALID (a private chat), and as `refusedRight`.
 */
export function decideClear(rows: Rows, command: ClearReactions, at: At): Decision<ReactionsChanged> {
  const { chatId, byUserId, userId, seqs } = command
  if (seqs.length > MAX_CLEARED_REACTIONS) return { rejected: limitInvalid }
  if (chatKindOf(chatId) === 'private') return { rejected: peerIdInvalid }
  const info = openChat(rows, chatId)
  if (info === undefined) return unknown(chatId)
  const member = memberOf(rows, chatId, byUserId)
  const rejected = refusedRight(info, member, ADMIN_RIGHTS.deleteMessages, at.date)
  if (rejected !== undefined) return { rejected }
  const events = [...new Set(seqs)].flatMap((seq): ReactionsChanged[] => {
    const own = ownReactions(rows, chatId, seq as MessageSeq, userId)
    const message = storedMessage(rows, chatId, seq as MessageSeq)
    if (own.reactions.length === 0 || message === undefined) return []
    const nothing = { chatId, userId, seq, reactions: [], big: false }
    return [changed(nothing, { message, info, member }, own, saidTo(rows, chatId, seq as MessageSeq), at)]
  })
  // One event of a decision answers.
  return { events: events.map((event, i) => (i === 0 ? event : { ...event, answers: false })) }
}
