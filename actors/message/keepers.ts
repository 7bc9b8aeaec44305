import { type ChatId, chatKindOf, type MessageSeq, type UserId } from '@heliograph/schemas/avro'
import { messageKeepers, messages, type RowOf, type RowRef } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'

/** What `keptMessage` looks at. */
export function keptMessageRefs(chatId: ChatId, seq: MessageSeq): RowRef[] {
  const key = { chatId, seq }
  if (chatKindOf(chatId) === 'channel') return [{ table: messages, key }]
  return [
    { table: messages, key },
    { table: messageKeepers, key },
  ]
}

export interface KeptMessage {
  readonly row: RowOf<typeof messages>
  /** Those with a mailbox that it is in; nobody in channels, which have none. */
  readonly keptBy: readonly UserId[]
}

/** A message of the chat with those who have not deleted it, as long as `userId` is one of them. Channels have one for all. */
export function keptMessage(
  rows: Rows,
  chatId: ChatId,
  seq: MessageSeq,
  userId: UserId,
): KeptMessage | undefined {
  const message = storedMessage(rows, chatId, seq)
  if (message === undefined || chatKindOf(chatId) === 'channel') return message
  return message.keptBy.includes(userId) ? message : undefined
}

/** A message of the chat that somebody keeps. */
export function storedMessage(rows: Rows, chatId: ChatId, seq: MessageSeq): KeptMessage | undefined {
  const key = { chatId, seq }
  const row = rows.get(messages, key)
  if (row === undefined) return undefined
  if (chatKindOf(chatId) === 'channel') return { row, keptBy: [] }
  const keptBy = (rows.get(messageKeepers, key)?.keptBy ?? row.members ?? []) as readonly UserId[]
  return { row, keptBy }
}
