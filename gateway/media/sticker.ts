import { rpcError } from '@heliograph/schemas/tl'
import type { DerivedSticker, StickerPurpose } from './derivatives.ts'
import type { Programs } from './ffmpeg.ts'
import { formatOf } from './format.ts'
import { animatedSticker } from './sticker-animated.ts'
import { staticSticker } from './sticker-static.ts'
import { videoSticker } from './sticker-video.ts'

/** What a sticker is and that it keeps to the rules of its kind, by its bytes; STICKER_FILE_INVALID where it is of no kind. */
export async function deriveSticker(
  programs: Programs | undefined,
  source: Buffer,
  purpose: StickerPurpose,
  signal: AbortSignal,
): Promise<DerivedSticker> {
  const format = formatOf(source)
  switch (format) {
    case 'png':
    case 'webp':
      return staticSticker(source, format, purpose)
    case 'gzip':
      return animatedSticker(source, purpose)
    case 'matroska':
      return videoSticker(programs, source, purpose, signal)
    default:
      throw rpcError('STICKER_FILE_INVALID')
  }
}
