import type { ChatId, MessageSeq } from '@heliograph/schemas/avro'
import { pinnedMessages, type Tables } from '@heliograph/storage'

/** Of the pinned messages of a chat the newest; undefined where nothing is pinned. */
export async function newestPinnedSeq(tables: Tables, chatId: ChatId): Promise<MessageSeq | undefined> {
  const [pinned] = await tables.range(pinnedMessages, { chatId }, { descending: true, limit: 1 })
  return pinned?.seq as MessageSeq | undefined
}
