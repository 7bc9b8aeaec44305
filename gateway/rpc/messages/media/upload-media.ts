import { RpcError } from '@heliograph/schemas/tl'
import type { Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { stampedMedia } from '../../upload/stamp.ts'
import { sentMedia } from './sent.ts'

/** `messages.uploadMedia`: what would be sent, kept for a while so that it can be sent by its id. */
export const uploadMedia: Handler<'messages.uploadMedia'> = async (call, context) => {
  inputPeerId(call.peer, context)
  const media = await sentMedia(context, call.media)
  if (media === undefined) throw new RpcError(400, 'MEDIA_INVALID')
  return stampedMedia(context.services, context.user, media)
}
