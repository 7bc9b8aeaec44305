import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { fetchGuarded, NotFetched } from '../messages/media/fetch.ts'
import { photoOfBytes } from '../upload/photo.ts'
import { describePage } from './describe.ts'

const MAX_PAGE_BYTES = 1024 * 1024
const MAX_IMAGE_BYTES = 5 * 1024 * 1024
const MAX_DISPLAY_URL_LENGTH = 64
const PAGES = new Set(['text/html', 'application/xhtml+xml'])
const PICTURES = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif'])

export interface PageOptions {
  /** Only for tests: the public addresses unless given. */
  readonly mayConnect?: (address: string) => boolean
}

/**
 * The preview of a page, or of a picture, under a number. Undefined where there is none: it cannot be fetched, may not be, or
 * says nothing. Addresses, redirects, sizes and times are bounded by `fetchGuarded`.
 */
export async function fetchPage(
  context: CallContext,
  url: string,
  id: bigint,
  options: PageOptions = {},
): Promise<Tl<'webPage'> | undefined> {
  const fetched = await fetchOrNothing(url, MAX_PAGE_BYTES, options)
  if (fetched === undefined) return undefined
  const head = { _: 'webPage', id, url, displayUrl: displayed(url), hash: 0 } as const
  if (PICTURES.has(fetched.mimeType)) {
    const photo = await photoOf(context, fetched.bytes)
    return photo && { ...head, type: 'photo', photo }
  }
  if (!PAGES.has(fetched.mimeType)) return undefined
  const { siteName, title, description, imageUrl } = describePage(fetched.bytes.toString('utf8'))
  if (title === '' && description === '') return undefined
  const photo = await pictureAt(context, imageUrl, url, options)
  return {
    ...head,
    type: 'article',
    siteName: siteName || new URL(url).hostname,
    ...(title !== '' && { title }),
    ...(description !== '' && { description }),
    ...(photo !== undefined && { photo }),
  }
}

async function fetchOrNothing(url: string, maxBytes: number, options: PageOptions) {
  try {
    return await fetchGuarded(url, { maxBytes, ...options })
  } catch (error) {
    if (error instanceof NotFetched) return undefined
    throw error
  }
}

async function pictureAt(context: CallContext, imageUrl: string, base: string, options: PageOptions) {
  if (imageUrl === '' || !URL.canParse(imageUrl, base)) return undefined
  const fetched = await fetchOrNothing(new URL(imageUrl, base).href, MAX_IMAGE_BYTES, options)
  return fetched && PICTURES.has(fetched.mimeType) ? photoOf(context, fetched.bytes) : undefined
}

/** A picture that cannot be shown is left out: the page is what was linked. */
async function photoOf(context: CallContext, bytes: Buffer): Promise<TlType<'Photo'> | undefined> {
  try {
    return await photoOfBytes(context, bytes, 'photo')
  } catch {
    return undefined
  }
}

function displayed(url: string): string {
  const { hostname, pathname } = new URL(url)
  return `${hostname}${pathname === '/' ? '' : pathname}`.slice(0, MAX_DISPLAY_URL_LENGTH)
}
