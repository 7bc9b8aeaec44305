import type { StickerPurpose } from './derivatives.ts'
import { EMOJI_PX, SET_THUMB_PX, STICKER_PX } from './limits.ts'

/** A sticker touches its square on one side; emoji and thumbs of sets fill theirs (core.telegram.org/stickers). */
export function fitsSticker(width: number, height: number, purpose: StickerPurpose): boolean {
  if (purpose === 'sticker') return Math.max(width, height) === STICKER_PX && Math.min(width, height) > 0
  const px = purpose === 'emoji' ? EMOJI_PX : SET_THUMB_PX
  return width === px && height === px
}
