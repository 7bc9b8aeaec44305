import { chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import type { CallContext } from '../handler.ts'
import { isBroadcast } from '../messages/mailbox/broadcast.ts'
import { postCounts } from './count.ts'

/** Posts of a channel have been forwarded; messages of other chats have no counters. */
export async function countForwards(
  { services, user }: CallContext,
  fromPeer: PeerId,
  ids: readonly number[],
): Promise<void> {
  const chatId = chatIdOf(user, fromPeer)
  if (!(await isBroadcast(services.tables, chatId))) return
  for (const seq of new Set(ids)) postCounts(services).add(chatId, seq, 0, 1)
}
