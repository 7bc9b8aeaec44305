import type { ChatId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import type { ChatDirectory } from '../directory/chats.ts'
import { untilTrue } from '../until-true.ts'

/**
 * A basic group's answer comes from the creator's mailbox, which does not wait for the rows of the group itself; those come later still where
 * their partition is taken over first. @throws RpcError 500 TIMEOUT where they do not come within the time that an answer may take
 */
export async function untilShown(
  chats: Pick<ChatDirectory, 'find' | 'changed'>,
  chatId: ChatId,
): Promise<void> {
  const isShown = await untilTrue(async () => {
    if ((await chats.find(chatId)) !== undefined) return true
    chats.changed(chatId)
    return false
  })
  if (!isShown) throw new RpcError(500, 'TIMEOUT')
}
