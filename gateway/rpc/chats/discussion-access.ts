import type { ChatFacts } from '../directory/chat-facts.ts'
import type { CallContext } from '../handler.ts'
import { isShutOut } from '../render/chat.ts'

/** Who may read a channel may read the group where it is discussed, without being in that. */
export async function maySeeDiscussion(
  { services, user, now }: Pick<CallContext, 'services' | 'user' | 'now'>,
  { kind, linkedChatId }: ChatFacts,
): Promise<boolean> {
  if (kind !== 'supergroup' || linkedChatId === undefined) return false
  const { facts, member } = await services.chats.view(user, linkedChatId)
  if (facts === undefined || isShutOut(facts, member, now)) return false
  return member?.isIn === true || facts.username !== undefined
}
