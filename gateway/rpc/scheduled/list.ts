import { isChannelPeer, type PeerId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { requireRight } from '../chats/reach.ts'
import type { CallContext, Handler } from '../handler.ts'
import { namedIn } from '../messages/answers.ts'
import { openChannel } from '../messages/mailbox/open.ts'
import { inputPeerId } from '../peers.ts'
import { findScheduled, listScheduled, renderScheduled, type Scheduled } from './scheduled.ts'

/** What the caller has scheduled in a chat, the last due first. */
export const getScheduledHistory: Handler<'messages.getScheduledHistory'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  await requireMaySchedule(context, peerId)
  const all = await listScheduled(context.services, context.user, peerId)
  return answer(
    context,
    peerId,
    all.sort((a, b) => b.dueAt - a.dueAt || b.id - a.id),
  )
}

export const getScheduledMessages: Handler<'messages.getScheduledMessages'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  await requireMaySchedule(context, peerId)
  return answer(context, peerId, await findScheduled(context.services, context.user, peerId, call.id))
}

/** Only who may post in a broadcast channel has anything scheduled there. @throws RpcError 400 CHAT_ADMIN_REQUIRED */
async function requireMaySchedule(context: CallContext, peerId: PeerId): Promise<void> {
  if (!isChannelPeer(peerId)) return
  const { facts, member } = await openChannel(context, peerId)
  const isIn = member?.isIn === true
  if (facts.kind === 'broadcast') requireRight({ member, isIn }, 'postMessages')
}

async function answer(
  context: CallContext,
  peerId: PeerId,
  scheduled: readonly Scheduled[],
): Promise<Tl<'messages.messages'>> {
  const messages = await renderScheduled(context.services, context.user, peerId, scheduled)
  const { users, chats } = await namedIn(context, messages, [peerId])
  return { _: 'messages.messages', messages, topics: [], chats, users }
}
