import { RpcError } from '@heliograph/schemas/tl'
import { deriveBacked } from './backed.ts'
import type {
  DerivedImage,
  DerivedSticker,
  ImagePurpose,
  MediaSource,
  StickerPurpose,
} from './derivatives.ts'
import { deriveImage } from './image.ts'
import { deriveSticker } from './sticker.ts'

/** What a picture process is asked for, one piece at a time. */
export type PictureOrder =
  | { readonly make: 'image'; readonly source: MediaSource; readonly purpose: ImagePurpose }
  | { readonly make: 'sticker'; readonly source: Buffer; readonly purpose: StickerPurpose }
  | { readonly make: 'backed'; readonly source: Buffer; readonly colors: readonly number[] }

/** What it sends: that it takes orders, and then one outcome for each. */
export type PictureSent = { readonly ready: true } | PictureOutcome
export type PictureOutcome =
  | { readonly made: DerivedImage | DerivedSticker }
  | { readonly refused: { readonly code: number; readonly message: string } }
  | { readonly failed: string }

/** Carries an order out; never rejects. */
export async function workAt(order: PictureOrder): Promise<PictureOutcome> {
  try {
    return { made: await make(order) }
  } catch (error) {
    if (!(error instanceof RpcError)) return { failed: String(error) }
    return { refused: { code: error.code, message: error.errorMessage } }
  }
}

function make(order: PictureOrder): Promise<DerivedImage | DerivedSticker> {
  if (order.make === 'image') return deriveImage(order.source, order.purpose)
  if (order.make === 'backed') return deriveBacked(order.source, order.colors)
  return deriveSticker(order.source, order.purpose)
}
