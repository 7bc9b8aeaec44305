import { chatIdOf, type PeerId, type UserId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { chats } from '@heliograph/storage'
import { serviceOf } from '../chats/told.ts'
import type { CallContext } from '../handler.ts'
import { countedOf } from '../messages/answers.ts'
import { sentUpdates } from '../messages/send/outgoing.ts'
import { AS_ONESELF } from '../messages/send/posting.ts'
import { NO_REPLY } from '../messages/send/reply-to.ts'

/**
 * The auto-delete timer of a private chat; 0 turns it off. A message tells both of it.
 * @param period seconds, already checked
 * @throws RpcError 400 PEER_ID_INVALID for Saved Messages, CHAT_NOT_MODIFIED, and who may not write there
 */
export async function setPrivateTimer(
  context: CallContext,
  peerId: PeerId,
  period: number,
): Promise<TlType<'Updates'>> {
  const { user, services, caller } = context
  if (peerId === (user as number)) throw new RpcError(400, 'PEER_ID_INVALID')
  const chatId = chatIdOf(user, peerId)
  const { content, fields } = await serviceOf(context, chatId, { _: 'messageActionSetMessagesTTL', period })
  const { service, serviceRandomId: randomId } = fields
  const sealed = service!
  const command = {
    type: 'SetTimer',
    chatId,
    userId: user,
    ttlSeconds: period,
    service: sealed,
    serviceRandomId: randomId,
  } as const
  const counted = countedOf(await services.commands.ask('chat.commands', chatId, command, caller))
  const message = { randomId, silent: false, content, reply: NO_REPLY, posting: AS_ONESELF }
  return sentUpdates(context, peerId, [{ outgoing: { ...message, mentions: [], sealed }, counted }])
}

/** The timer of the viewer's private chat with a user, seconds; 0 none. */
export async function privateTimer(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  other: UserId,
): Promise<number> {
  const chatId = chatIdOf(user, other as number as PeerId)
  return (await services.tables.get(chats, { chatId }))?.ttlSeconds ?? 0
}
