import type { UserId } from '@heliograph/schemas/avro'
import { chatMembers } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { presences } from '../presence.ts'
import { type Reached, reachPeer } from './reach.ts'

/** Members of a chat that are looked at: who is online in a larger one is not counted to the last. */
export const MAX_COUNTED_ONLINE = 1_000

export const getOnlines: Handler<'messages.getOnlines'> = async (call, context) => ({
  _: 'chatOnlines',
  onlines: await onlineAmong(context, await reachPeer(context, call.peer)),
})

/** How many members are online now, among the first `MAX_COUNTED_ONLINE`. */
export async function onlineAmong(context: CallContext, reached: Reached): Promise<number> {
  const { services, now } = context
  const ids = await someMembers(context, reached)
  const seen = await presences(services, ids)
  return seen.filter((each) => each !== undefined && each.expires > now).length
}

async function someMembers({ services }: CallContext, { chatId, facts }: Reached): Promise<UserId[]> {
  if (facts.kind === 'group') return [...facts.members]
  const rows = await services.tables.range(chatMembers, { chatId }, { limit: MAX_COUNTED_ONLINE })
  return rows.filter(({ isIn, peerId }) => isIn === true && peerId! > 0).map((row) => row.peerId as UserId)
}
