import type { UserId } from '@heliograph/schemas/avro'
import { encodeObject, RpcError, type TlType } from '@heliograph/schemas/tl'
import type { Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { requireMaySpeak, requireMayWrite } from '../../privacy/ask.ts'
import { textContent } from '../content.ts'
import { sentMedia } from '../media/sent.ts'
import { composeText, MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH, mentionResolver } from '../text/compose.ts'
import { checkSendRequest, contentFlags, send } from './send.ts'

/** `messages.sendMedia`: photos, documents, contacts, places, dice. */
export const sendMedia: Handler<'messages.sendMedia'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  checkSendRequest(call)
  await requireMayWrite(context.services, context.user, peerId)
  const media = await sentMedia(context, call.media)
  if (media !== undefined && isSpoken(media) && peerId > 0)
    await requireMaySpeak(context.services, context.user, peerId as number as UserId)
  const maxLength = media === undefined ? MAX_TEXT_LENGTH : MAX_CAPTION_LENGTH
  const { text, entities } = composeText(call.message, call.entities, mentionResolver(context), maxLength)
  if (media === undefined && text === '') throw new RpcError(400, 'MEDIA_EMPTY')
  const content = {
    ...textContent(text, entities),
    flags: contentFlags(call),
    media: media === undefined ? null : Buffer.from(encodeObject(media)),
  }
  return send(context, peerId, call, content)
}

/** A voice message, or a round video one. */
function isSpoken(media: TlType<'MessageMedia'>): boolean {
  return media._ === 'messageMediaDocument' && (media.voice === true || media.round === true)
}
