import type { ChannelMarked, MarkChannel, RecordHeader } from '@heliograph/schemas/avro'
import { peerIdOfChat } from '@heliograph/schemas/avro'
import { channelStates, type Mutation, type RowRef } from '@heliograph/storage'
import type { At, Decision, Reaction, Rows } from '../runtime/decider.ts'
import { accountUpdate, answered } from './user-channel.ts'

export function needsOfChannel({ userId, chatId }: MarkChannel): RowRef[] {
  return [{ table: channelStates, key: { userId, chatId } }]
}

/** Both marks only go forward; no event where neither does. */
export function decideChannel(rows: Rows, command: MarkChannel, at: At): Decision<ChannelMarked> {
  const { userId, chatId } = command
  const before = rows.get(channelStates, { userId, chatId })
  const readSeq = Math.max(before?.readSeq ?? 0, command.readSeq ?? 0, command.clearedSeq ?? 0)
  const clearedSeq = Math.max(before?.clearedSeq ?? 0, command.clearedSeq ?? 0)
  if (readSeq === (before?.readSeq ?? 0) && clearedSeq === (before?.clearedSeq ?? 0)) return { events: [] }
  return { events: [{ type: 'ChannelMarked', userId, chatId, readSeq, clearedSeq, date: at.date }] }
}

export function projectChannel({ userId, chatId, readSeq, clearedSeq, date }: ChannelMarked): Mutation[] {
  return [{ kind: 'upsert', table: channelStates, row: { userId, chatId, readSeq, clearedSeq, date } }]
}

/** The user's other sessions learn what is read. */
export function reactToChannel({ userId, chatId }: ChannelMarked, header: RecordHeader): Reaction[] {
  const about = { peerId: peerIdOfChat(chatId) }
  return [...answered(header), accountUpdate(userId, 'channel-read', header, about)]
}
