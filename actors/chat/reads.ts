import type { MessageSeq, OutboxRead, RaiseRead } from '@heliograph/schemas/avro'
import { channelReads, chats, type RowRef } from '@heliograph/storage'
import { marksAfter, marksOf } from '../message/awaiting.ts'
import type { At, Decision, Rows } from '../runtime/decider.ts'
import { rejected } from './rejections.ts'
import { isDeactivated, outsider, unknownChat } from './rights.ts'
import { chatInfoOf, chatRefs, memberOf } from './state.ts'

export function needsOfRaise({ chatId, readerId }: RaiseRead): RowRef[] {
  return [
    ...chatRefs(chatId, readerId),
    { table: chats, key: { chatId } },
    { table: channelReads, key: { chatId } },
  ]
}

/**
 * How far the two members who are furthest have read: senders see the furthest but themselves. Nothing to do where neither
 * mark moves. Rejects with CHANNEL_PRIVATE.
 */
export function decideRaise(rows: Rows, command: RaiseRead, at: At): Decision<OutboxRead> {
  const { chatId, readerId } = command
  const info = chatInfoOf(rows, chatId)
  if (info === undefined || isDeactivated(info) || info.kind === 'group') {
    return rejected(unknownChat(chatId))
  }
  const member = memberOf(rows, chatId, readerId)
  if (member?.isIn !== true) return rejected(outsider(info, member, at.date))
  const upToSeq = Math.min(command.upToSeq, rows.get(chats, { chatId })?.lastSeq ?? 0)
  const before = marksOf(rows, chatId)
  const after = marksAfter(before, readerId, upToSeq as MessageSeq)
  if (after === before) return { events: [] }
  const { topReaderId, topReadSeq, secondReadSeq } = after
  return {
    events: [{ type: 'OutboxRead', chatId, topReaderId, topReadSeq, secondReadSeq, date: at.date }],
  }
}
