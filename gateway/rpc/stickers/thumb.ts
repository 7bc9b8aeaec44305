import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { findFile } from '../upload/documents.ts'
import type { Located } from '../upload/location.ts'
import { checkedDocument, keepDocument } from './sticker-document.ts'
import { publishedSet } from './sticker-set.ts'

const THUMB_TYPE = 's'

/**
 * The set with this thumb, which is kept as a document of its own (core.telegram.org/api/stickers#using-stickers).
 * @throws RpcError 400 STICKER_THUMB_PNG_NOPNG, STICKER_THUMB_TGS_NOTGS, STICKER_FILE_INVALID, …
 */
export async function withThumb(
  context: CallContext,
  set: Tl<'stickerSet'>,
  input: TlType<'InputDocument'>,
): Promise<Tl<'stickerSet'>> {
  const derived = await checkedDocument(context, input, 'thumb')
  const thumbDocumentId = await keepDocument(context, derived, [])
  const { width: w, height: h, bytes } = derived
  return {
    ...set,
    thumbDocumentId,
    thumbs: [{ _: 'photoSize', type: THUMB_TYPE, w, h, size: bytes.length }],
    thumbDcId: context.services.config.dataCentre.id,
    thumbVersion: (set.thumbVersion ?? 0) + 1,
  }
}

/** The set without its thumb: clients show the first sticker. */
export function withoutThumb(set: Tl<'stickerSet'>): Tl<'stickerSet'> {
  const { thumbDocumentId: _, thumbs: __, thumbDcId: ___, thumbVersion: ____, ...bare } = set
  return bare
}

/** The bytes of a set's thumb; 400 LOCATION_INVALID where it has none. */
export async function locateSetThumb(
  context: CallContext,
  location: Tl<'inputStickerSetThumb'>,
): Promise<Located> {
  const entry = await publishedSet(context, location.stickerset)
  const id = entry.value.set.thumbDocumentId
  const file = id === undefined ? undefined : await findFile(context.services, id)
  if (file?.main === undefined || file.value._ !== 'document') throw new RpcError(400, 'LOCATION_INVALID')
  const { mimeType, date } = file.value
  return { documentId: file.value.id, extent: file.main, mimeType, date }
}
