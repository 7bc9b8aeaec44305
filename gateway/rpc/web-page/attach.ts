import { BANNED_RIGHTS, chatIdOf, hasRight, type PeerId } from '@heliograph/schemas/avro'
import { decodeObject, encodeObject, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { amend } from '../messages/change/amend.ts'
import type { Content } from '../messages/content.ts'
import { locateOneIn } from '../messages/mailbox/locate.ts'
import { openMailbox } from '../messages/mailbox/open.ts'
import { pageId, pagesOf } from './pages.ts'

type PageMedia = Tl<'messageMediaWebPage'>

function choicesOf(input: Tl<'inputMediaWebPage'> | undefined): Partial<PageMedia> {
  if (input === undefined) return {}
  const { forceLargeMedia, forceSmallMedia } = input
  return {
    manual: true,
    ...(forceLargeMedia === true && { forceLargeMedia }),
    ...(forceSmallMedia === true && { forceSmallMedia }),
  }
}

/** The first link of a text that can be fetched; undefined for none. */
export function linkIn({ text, entities }: Pick<Content, 'text' | 'entities'>): string | undefined {
  for (const { kind, offset, length, argument } of entities) {
    if (kind !== 'Url' && kind !== 'TextUrl') continue
    const url = fetchable(kind === 'TextUrl' ? (argument ?? '') : text.slice(offset, offset + length))
    if (url !== undefined) return url
  }
  return undefined
}

/** An address as it is fetched: HTTP where no protocol is named; undefined for others. */
export function fetchable(given: string): string | undefined {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && url.hostname.includes('.') ? url.href : undefined
}

/**
 * A text with the preview of its first link, or of the one that `input` names: the page where it is at hand, otherwise one that is still to come, which
 * `completePage` then gives. As it is where there is no link, or previews may not be sent there.
 */
export async function withPage(
  context: CallContext,
  peerId: PeerId,
  content: Content,
  input?: Tl<'inputMediaWebPage'>,
): Promise<Content> {
  const url = input === undefined ? linkIn(content) : fetchable(input.url)
  if (url === undefined || !(await mayEmbed(context, peerId))) return content
  const { services, now } = context
  const known = pagesOf(services).known(url, services.nowMs())
  if (known !== undefined && known.page === undefined) return content
  const id = pageId(services, url)
  const pending = { _: 'webPagePending', id, url, date: now } as const
  const media: PageMedia = { _: 'messageMediaWebPage', webpage: known?.page ?? pending, ...choicesOf(input) }
  return { ...content, media: Buffer.from(encodeObject(media)) }
}

async function mayEmbed({ services, user }: CallContext, peerId: PeerId): Promise<boolean> {
  if (peerId > 0) return true
  const { facts, member } = await services.chats.view(user, chatIdOf(user, peerId))
  if (facts === undefined || (member?.rights ?? 0) !== 0) return true
  return !hasRight(facts.defaultBanned | (member?.banned ?? 0), BANNED_RIGHTS.embedLinks)
}

/** The preview in a message; undefined for other media and none. */
export function pageIn({ media }: Pick<Content, 'media'>): PageMedia | undefined {
  const value = media === null ? undefined : (decodeObject(media) as TlType<'MessageMedia'>)
  return value?._ === 'messageMediaWebPage' ? value : undefined
}

/** Puts the page into the message that was sent with one to come, once it is there; those who have it are told. */
export function completePage(
  context: CallContext,
  peerId: PeerId,
  content: Content,
  msgId: number | undefined,
): void {
  const webpage = pageIn(content)?.webpage
  if (webpage?._ !== 'webPagePending' || msgId === undefined) return
  complete(context, peerId, webpage, msgId).catch((error: unknown) => {
    if (error instanceof RpcError) return
    context.services.log.error({ error: String(error) }, 'a link preview could not be put into its message')
  })
}

/** The id of the message that these updates tell its sender of. */
export function sentId(updates: TlType<'Updates'>): number | undefined {
  if (updates._ !== 'updates') return undefined
  return updates.updates.find((update) => update._ === 'updateMessageID')?.id
}

/** What an edit makes of the preview of a text: that of its first link by now, where the sender has not chosen one. */
export async function editedPage(
  context: CallContext,
  peerId: PeerId,
  content: Content,
  noWebpage: boolean,
): Promise<Content> {
  const before = pageIn(content)
  if (content.media !== null && (before === undefined || before.manual === true)) return content
  const url = linkIn(content)
  if (before !== undefined && !noWebpage && 'url' in before.webpage && before.webpage.url === url)
    return content
  const plain = { ...content, media: null }
  const isOff = noWebpage || url === undefined || context.services.config.fetchesUrls !== true
  return isOff ? plain : withPage(context, peerId, plain)
}

async function complete(
  context: CallContext,
  peerId: PeerId,
  { id, url = '' }: Tl<'webPagePending'>,
  msgId: number,
): Promise<void> {
  const page = await pagesOf(context.services).page(context, url)
  const webpage: TlType<'WebPage'> = page ?? { _: 'webPageEmpty', id, url }
  // Nobody's session is left out: the sender shows the page too.
  const unnamed = { ...context, caller: undefined as never }
  const find = async () => locateOneIn(await openMailbox(context, peerId), msgId)
  await amend(unnamed, peerId, find, 'web-page', (before) => {
    const media = pageIn(before)
    if (media?.webpage._ !== 'webPagePending' || media.webpage.id !== id) return undefined
    return { content: { ...before, media: Buffer.from(encodeObject({ ...media, webpage })) } }
  })
}
