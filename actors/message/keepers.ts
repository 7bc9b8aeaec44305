import type { ChatId, MessageSeq, UserId } from '@heliograph/schemas/avro'
import { messageKeepers, messages, type RowOf, type RowRef } from '@heliograph/storage'
import type { Rows } from '../runtime/decider.ts'

/** What `keptMessage` looks at. */
export function keptMessageRefs(chatId: ChatId, seq: MessageSeq): RowRef[] {
  const key = { chatId, seq }
  return [
    { table: messages, key },
    { table: messageKeepers, key },
  ]
}

export interface KeptMessage {
  readonly row: RowOf<typeof messages>
  readonly keptBy: readonly UserId[]
}

/** A message of the chat with those who have not deleted it, as long as `userId` is one of them. */
export function keptMessage(
  rows: Rows,
  chatId: ChatId,
  seq: MessageSeq,
  userId: UserId,
): KeptMessage | undefined {
  const key = { chatId, seq }
  const row = rows.get(messages, key)
  if (row === undefined) return undefined
  const keptBy = (rows.get(messageKeepers, key)?.keptBy ?? row.members ?? []) as readonly UserId[]
  return keptBy.includes(userId) ? { row, keptBy } : undefined
}
