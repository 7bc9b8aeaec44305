import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { type CallContext, type Handler, type Handlers, works } from '../handler.ts'
import { composeText, mentionResolver } from '../messages/text/compose.ts'
import { stampedMedia } from '../upload/stamp.ts'
import { fetchable, linkIn } from './attach.ts'
import { pagesOf } from './pages.ts'

const NONE: TlType<'MessageMedia'> = { _: 'messageMediaEmpty' }

/** The page behind a link as the caller may name its files; empty where previews are off. */
async function shown(context: CallContext, url: string | undefined): Promise<TlType<'MessageMedia'>> {
  const { services, user } = context
  if (url === undefined || services.config.fetchesUrls !== true) return NONE
  const webpage = await pagesOf(services).page(context, url)
  return webpage === undefined ? NONE : stampedMedia(services, user, { _: 'messageMediaWebPage', webpage })
}

/** `messages.getWebPagePreview`: what the first link of a text would show. */
const getWebPagePreview: Handler<'messages.getWebPagePreview'> = async (call, context) => {
  const { text, entities } = composeText(call.message, call.entities, mentionResolver(context))
  if (text === '') throw new RpcError(400, 'MESSAGE_EMPTY')
  const media = await shown(context, linkIn({ text, entities }))
  return { _: 'messages.webPagePreview', media, chats: [], users: [] }
}

/** `messages.getWebPage`: what an address shows; 400 WC_CONVERT_URL_INVALID. */
const getWebPage: Handler<'messages.getWebPage'> = async (call, context) => {
  const url = fetchable(call.url)
  if (url === undefined) throw new RpcError(400, 'WC_CONVERT_URL_INVALID')
  const media = await shown(context, url)
  const webpage: TlType<'WebPage'> =
    media._ === 'messageMediaWebPage' ? media.webpage : { _: 'webPageEmpty', id: 0n, url: call.url }
  return { _: 'messages.webPage', webpage, chats: [], users: [] }
}

/** Of `messages`: previews of links. */
export const webPageHandlers: Handlers = {
  'messages.getWebPagePreview': works(getWebPagePreview, 'resolve'),
  'messages.getWebPage': works(getWebPage, 'resolve'),
}
