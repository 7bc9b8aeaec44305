import { type ChatId, chatKindOf } from '@heliograph/schemas/avro'
import type { Services } from '../../services.ts'

/** Whether messages of the chat may not be forwarded or saved; at once where the chat is at hand. */
export function isProtected({ chats }: Pick<Services, 'chats'>, chatId: ChatId): boolean | Promise<boolean> {
  if (chatKindOf(chatId) === 'private') return false
  const facts = chats.cachedFacts(chatId)
  if (facts !== undefined) return facts.flags.has('noForwards')
  return chats.find(chatId).then((found) => found?.flags.has('noForwards') === true)
}
