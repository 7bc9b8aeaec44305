import type { ChatId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { ANSWER_TIMEOUT_MS } from '../commander.ts'
import type { ChatDirectory } from '../directory/chats.ts'

/** Waits before a new chat is looked up again that its creator's mailbox is ahead of: the first, and the last of those that double. */
const FIRST_LAG_MS = 20
const LAST_LAG_MS = 1_280

/**
 * A basic group's answer comes from the creator's mailbox, which does not wait for the rows of the group itself; those come later still where
 * their partition is taken over first. @throws RpcError 500 TIMEOUT where they do not come within the time that an answer may take
 */
export async function untilShown(
  chats: Pick<ChatDirectory, 'find' | 'changed'>,
  chatId: ChatId,
): Promise<void> {
  let waited = 0
  for (let waitMs = FIRST_LAG_MS; ; waitMs = Math.min(2 * waitMs, LAST_LAG_MS)) {
    if ((await chats.find(chatId)) !== undefined) return
    if (waited >= ANSWER_TIMEOUT_MS) throw new RpcError(500, 'TIMEOUT')
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    waited += waitMs
    chats.changed(chatId)
  }
}
