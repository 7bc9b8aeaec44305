import { rpcError } from '@heliograph/schemas/tl'
import type { DerivedSticker, StickerPurpose } from './derivatives.ts'
import { opened } from './image.ts'
import { MAX_SET_THUMB_BYTES, MAX_STATIC_STICKER_BYTES } from './limits.ts'
import { fitsSticker } from './sticker-sides.ts'

const WEBP_QUALITY = 90

/**
 * A WebP or PNG of the right sides, as WebP. STICKER_FILE_INVALID: too many bytes. STICKER_PNG_DIMENSIONS: other sides.
 * STICKER_PNG_NOPNG: damaged or animated.
 */
export async function staticSticker(
  source: Buffer,
  format: 'png' | 'webp',
  purpose: StickerPurpose,
): Promise<DerivedSticker> {
  const limit = purpose === 'thumb' ? MAX_SET_THUMB_BYTES : MAX_STATIC_STICKER_BYTES
  if (source.length > limit) throw rpcError('STICKER_FILE_INVALID')
  const { width, height } = await sides(source, purpose)
  if (!fitsSticker(width, height, purpose)) throw rpcError('STICKER_PNG_DIMENSIONS')
  const webp = await decoded(source, purpose)
  const bytes = format === 'webp' ? source : webp
  return { kind: 'static', mime: 'image/webp', width, height, durationSeconds: 0, bytes }
}

async function sides(source: Buffer, purpose: StickerPurpose): Promise<{ width: number; height: number }> {
  const metadata = await opened(source)
    .metadata()
    .catch(() => undefined)
  if (metadata === undefined || (metadata.pages ?? 1) > 1) throw notPng(purpose)
  return metadata
}

/** Decodes it wholly: what is stored has been proven to be a picture. */
async function decoded(source: Buffer, purpose: StickerPurpose): Promise<Buffer> {
  const webp = await opened(source)
    .webp({ quality: WEBP_QUALITY })
    .toBuffer()
    .catch(() => undefined)
  if (webp === undefined) throw notPng(purpose)
  return webp
}

const notPng = (purpose: StickerPurpose) =>
  rpcError(purpose === 'thumb' ? 'STICKER_THUMB_PNG_NOPNG' : 'STICKER_PNG_NOPNG')
