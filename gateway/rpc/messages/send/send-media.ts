import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { encodeObject, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import { requireQuietPoll } from '../../polls/input.ts'
import { requireMaySpeak, requireMayWrite } from '../../privacy/ask.ts'
import { rememberUsed } from '../../stickers/used.ts'
import { fetchable } from '../../web-page/attach.ts'
import { pagesOf } from '../../web-page/pages.ts'
import { textContent } from '../content.ts'
import { sentMedia } from '../media/sent.ts'
import { composeText, MAX_CAPTION_LENGTH, MAX_TEXT_LENGTH, mentionResolver } from '../text/compose.ts'
import { checkSendRequest, contentFlags, send } from './send.ts'
import { sendWithPage } from './send-message.ts'

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
  if (call.media._ === 'inputMediaWebPage') return sendLink(call, context, peerId, call.media)
  const media = sentMedia(context, call.media)
  if (media !== undefined && 'poll' in media)
    return requireQuietPoll(context, peerId, media).then(() => sendKnown(call, context, peerId, media))
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
  const sent = send(context, peerId, call, content)
  return media === undefined ? sent : remembered(context, media, sent)
}

async function remembered(
  context: CallContext,
  media: TlType<'MessageMedia'>,
  sent: Promise<TlType<'Updates'>>,
): Promise<TlType<'Updates'>> {
  const updates = await sent
  await rememberUsed(context, media)
  return updates
}

/** A text with the preview of a link that its sender chose; 400 WEBPAGE_URL_INVALID, WEBPAGE_NOT_FOUND unless it may be without. */
async function sendLink(
  call: SendCall,
  context: CallContext,
  peerId: PeerId,
  input: Tl<'inputMediaWebPage'>,
): Promise<TlType<'Updates'>> {
  const url = fetchable(input.url)
  if (url === undefined) throw new RpcError(400, 'WEBPAGE_URL_INVALID')
  const { text, entities } = composeText(
    call.message,
    call.entities,
    mentionResolver(context),
    MAX_TEXT_LENGTH,
  )
  const isFetched = context.services.config.fetchesUrls === true
  const page =
    isFetched && input.optional !== true ? await pagesOf(context.services).page(context, url) : undefined
  if (page === undefined && input.optional !== true && (isFetched || text === ''))
    throw new RpcError(400, 'WEBPAGE_NOT_FOUND')
  if (text === '') throw new RpcError(400, 'MESSAGE_EMPTY')
  const content = { ...textContent(text, entities), flags: contentFlags(call) }
  if (!isFetched || call.scheduleDate !== undefined) return send(context, peerId, call, content)
  return sendWithPage(context, peerId, call, content, input)
}

/** A voice message, or a round video one. */
function isSpoken(media: TlType<'MessageMedia'>): boolean {
  return media._ === 'messageMediaDocument' && (media.voice === true || media.round === true)
}
