import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { encodeObject, RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { requireMaySpeak, requireMayWrite } from '../../privacy/ask.ts'
import { textContent } from '../content.ts'
import { sentMedia } from '../media/sent.ts'
import { composeText, MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH, mentionResolver } from '../text/compose.ts'
import { checkSendRequest, contentFlags, send } from './send.ts'

type SendCall = Parameters<Handler<'messages.sendMedia'>>[0]

/** `messages.sendMedia`: photos, documents, contacts, places, dice. Begins at once where nothing has to be waited for. */
export const sendMedia: Handler<'messages.sendMedia'> = (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  checkSendRequest(call)
  const asked = requireMayWrite(context.services, context.user, peerId)
  return asked === undefined
    ? sendAllowed(call, context, peerId)
    : asked.then(() => sendAllowed(call, context, peerId))
}

function sendAllowed(call: SendCall, context: CallContext, peerId: PeerId): Promise<TlType<'Updates'>> {
  const media = sentMedia(context, call.media)
  if (!(media instanceof Promise)) return sendKnown(call, context, peerId, media)
  return media.then(async (made) => {
    if (isSpoken(made) && peerId > 0)
      await requireMaySpeak(context.services, context.user, peerId as number as UserId)
    return sendKnown(call, context, peerId, made)
  })
}

function sendKnown(
  call: SendCall,
  context: CallContext,
  peerId: PeerId,
  media: TlType<'MessageMedia'> | undefined,
): Promise<TlType<'Updates'>> {
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
