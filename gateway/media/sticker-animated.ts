import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { rpcError } from '@heliograph/schemas/tl'
import type { DerivedSticker, StickerPurpose } from './derivatives.ts'
import {
  MAX_ANIMATED_SET_THUMB_BYTES,
  MAX_ANIMATED_STICKER_BYTES,
  MAX_LOTTIE_BYTES,
  MAX_STICKER_FPS,
  MAX_STICKER_SECONDS,
  SET_THUMB_PX,
  STICKER_PX,
} from './limits.ts'

const unzip = promisify(gunzip)

interface Lottie {
  readonly w: number
  readonly h: number
  readonly fr: number
  readonly ip: number
  readonly op: number
}

/**
 * A TGS: a gzipped Lottie animation of 512 x 512, at most 3 s and 64 KiB (core.telegram.org/stickers#animated-stickers).
 * STICKER_FILE_INVALID: too many bytes. STICKER_TGS_NOTGS: anything else.
 */
export async function animatedSticker(source: Buffer, purpose: StickerPurpose): Promise<DerivedSticker> {
  const isThumb = purpose === 'thumb'
  if (source.length > (isThumb ? MAX_ANIMATED_SET_THUMB_BYTES : MAX_ANIMATED_STICKER_BYTES))
    throw rpcError('STICKER_FILE_INVALID')
  const lottie = await lottieOf(source)
  const durationSeconds = lottie && (lottie.op - lottie.ip) / lottie.fr
  if (lottie === undefined || !isRight(lottie, isThumb) || !(durationSeconds! <= MAX_STICKER_SECONDS))
    throw rpcError(isThumb ? 'STICKER_THUMB_TGS_NOTGS' : 'STICKER_TGS_NOTGS')
  return {
    kind: 'animated',
    mime: 'application/x-tgsticker',
    width: lottie.w,
    height: lottie.h,
    durationSeconds: durationSeconds!,
    bytes: source,
  }
}

function isRight({ w, h, fr, ip, op }: Lottie, isThumb: boolean): boolean {
  const isSquare = w === h && (w === STICKER_PX || (isThumb && w === SET_THUMB_PX))
  return isSquare && fr > 0 && fr <= MAX_STICKER_FPS && ip >= 0 && op > ip
}

/** Unpacks no more than the limit: what would unpack to more is none. */
async function lottieOf(source: Buffer): Promise<Lottie | undefined> {
  try {
    const json = await unzip(source, { maxOutputLength: MAX_LOTTIE_BYTES })
    const value: unknown = JSON.parse(json.toString())
    return isLottie(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isLottie(value: unknown): value is Lottie {
  if (typeof value !== 'object' || value === null) return false
  const { w, h, fr, ip, op, layers, tgs } = value as Record<string, unknown>
  const isNumeric = [w, h, fr, ip, op].every((number) => Number.isFinite(number))
  return isNumeric && Array.isArray(layers) && layers.length > 0 && (tgs === undefined || tgs === 1)
}
