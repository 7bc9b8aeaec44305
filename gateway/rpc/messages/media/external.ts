import { RpcError, type Tl } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { photoOfBytes } from '../../upload/photo.ts'
import { fileOfBytes } from '../../upload/uploaded.ts'
import { fetchable } from '../../web-page/attach.ts'
import { checkedAttributes, checkedMime } from './attributes.ts'
import { describedFile } from './described.ts'
import { documentOf } from './document.ts'
import { type Fetched, fetchGuarded, NotFetched } from './fetch.ts'

/** core.telegram.org/bots/api#sending-files: what is taken by its address. */
const MAX_PHOTO_BYTES = 5 * 1024 * 1024
const MAX_DOCUMENT_BYTES = 20 * 1024 * 1024

/** `inputMediaPhotoExternal`: a picture by its address; 400 EXTERNAL_URL_INVALID, WEBPAGE_CURL_FAILED where it cannot be had, or may not. */
export async function externalPhoto(context: CallContext, url: string): Promise<Tl<'photo'>> {
  const { bytes } = await fetched(context, url, MAX_PHOTO_BYTES)
  return photoOfBytes(context, bytes, 'photo')
}

/** `inputMediaDocumentExternal`: a file by its address; errors as `externalPhoto`. */
export async function externalDocument(context: CallContext, url: string): Promise<Tl<'document'>> {
  const { bytes, mimeType, name } = await fetched(context, url, MAX_DOCUMENT_BYTES)
  const described = await describedFile(context, fileOfBytes(bytes), {
    mimeType: checkedMime(mimeType),
    attributes: checkedAttributes([], name),
    forceFile: false,
    nosoundVideo: false,
    thumb: undefined,
  })
  return documentOf(context, described)
}

/** Off unless the server is told to fetch: a request of its own is something that its users can make it do. */
async function fetched({ services }: CallContext, url: string, maxBytes: number): Promise<Fetched> {
  if (fetchable(url) === undefined) throw new RpcError(400, 'EXTERNAL_URL_INVALID')
  if (services.config.fetchesUrls !== true) throw new RpcError(400, 'WEBPAGE_CURL_FAILED')
  try {
    return await fetchGuarded(url, { maxBytes })
  } catch (error) {
    if (error instanceof NotFetched) throw new RpcError(400, 'WEBPAGE_CURL_FAILED')
    throw error
  }
}
