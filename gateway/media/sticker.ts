import { rpcError } from '@heliograph/schemas/tl'
import type { DerivedSticker, StickerPurpose } from './derivatives.ts'
import { formatOf } from './format.ts'
import { animatedSticker } from './sticker-animated.ts'
import { staticSticker } from './sticker-static.ts'

/**
 * What a static or animated sticker is and that it keeps to the rules of its kind, by its bytes; STICKER_FILE_INVALID where it
 * is of neither kind (`videoSticker` takes the third).
 */
export async function deriveSticker(source: Buffer, purpose: StickerPurpose): Promise<DerivedSticker> {
  const format = formatOf(source)
  switch (format) {
    case 'png':
    case 'webp':
      return staticSticker(source, format, purpose)
    case 'gzip':
      return animatedSticker(source, purpose)
    default:
      throw rpcError('STICKER_FILE_INVALID')
  }
}
