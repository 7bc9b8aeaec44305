import { chatIdOf, type PeerId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { requireMayWriteIn } from '../../chats/may-write.ts'
import { reach } from '../../chats/reach.ts'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { requireMayWrite } from '../../privacy/ask.ts'
import { stampedMedia } from '../../upload/stamp.ts'
import { sentMedia } from './sent.ts'

/** `messages.uploadMedia`: what would be sent, kept for a while so that it can be sent by its id. */
export const uploadMedia: Handler<'messages.uploadMedia'> = async (call, context) => {
  await requirePlace(context, inputPeerId(call.peer, context))
  const media = await sentMedia(context, call.media)
  if (media === undefined) throw new RpcError(400, 'MEDIA_INVALID')
  return stampedMedia(context.services, context.user, media)
}

/** @throws RpcError of a chat in which the caller may not write at all */
async function requirePlace(context: CallContext, peerId: PeerId): Promise<void> {
  const { services, user, now } = context
  if (peerId > 0) return requireMayWrite(services, user, peerId)
  requireMayWriteIn(await reach(context, chatIdOf(user, peerId)), now)
}
