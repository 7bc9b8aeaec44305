import { rpcError } from '@heliograph/schemas/tl'
import sharp, { type Sharp } from 'sharp'
import type { DerivedImage, ImagePurpose, ImageSize, MediaSource, PhotoSizeType } from './derivatives.ts'
import { formatOf } from './format.ts'
import {
  IMAGE_TIMEOUT_SECONDS,
  MAX_IMAGE_PIXELS,
  MAX_PHOTO_PROPORTION,
  MAX_PHOTO_SIDES_PX,
} from './limits.ts'
import { beginningOf } from './source.ts'
import { stripped } from './stripped.ts'

interface Box {
  readonly type: PhotoSizeType
  readonly px: number
}

/** Ascending (core.telegram.org/api/files#image-thumbnail-types). */
const BOXES: Readonly<Record<ImagePurpose, readonly Box[]>> = {
  photo: [
    { type: 'm', px: 320 },
    { type: 'x', px: 800 },
    { type: 'y', px: 1280 },
    { type: 'w', px: 2560 },
  ],
  profile: [
    { type: 'a', px: 160 },
    { type: 'b', px: 320 },
    { type: 'c', px: 640 },
  ],
  thumb: [{ type: 'm', px: 320 }],
}
const PICTURES: ReadonlySet<string | undefined> = new Set(['jpeg', 'png', 'webp', 'gif'])
/** Under transparent pictures. */
const PAPER = '#ffffff'
const QUALITY = 87

/** Raw RGB. */
interface Pixels {
  readonly data: Buffer
  readonly width: number
  readonly height: number
}

/**
 * All sizes of a picture, upright and without what cameras write beside it. PHOTO_EXT_INVALID: not JPEG, PNG, WebP or GIF (the
 * first frame counts). PHOTO_INVALID_DIMENSIONS: too large or too narrow, said before anything is decoded. IMAGE_PROCESS_FAILED:
 * damaged.
 */
export async function deriveImage(source: MediaSource, purpose: ImagePurpose): Promise<DerivedImage> {
  if (!PICTURES.has(formatOf(await beginningOf(source)))) throw rpcError('PHOTO_EXT_INVALID')
  const { width, height } = await dimensions(source)
  requireDimensions(width, height)
  const square = purpose === 'profile'
  const boxes = square ? BOXES.profile : neededBoxes(BOXES[purpose], Math.max(width, height))
  const largest = await decode(source, boxes.at(-1)!.px, square)
  const sizes: ImageSize[] = []
  for (const box of boxes) sizes.push(await size(box, largest, square))
  return { width, height, mime: 'image/jpeg', sizes, stripped: await failing(stripped(drawn(largest))) }
}

/** Those that are smaller than the picture, and the first one that holds all of it. */
function neededBoxes(boxes: readonly Box[], side: number): readonly Box[] {
  const whole = boxes.findIndex(({ px }) => px >= side)
  return whole === -1 ? boxes : boxes.slice(0, whole + 1)
}

/** Sides as shown, from the headers alone. */
async function dimensions(source: MediaSource): Promise<{ width: number; height: number }> {
  // The limit of pixels is for decoding: headers are read whatever they say.
  const metadata = await failing(sharp(source, { limitInputPixels: false }).metadata())
  const { width, height } = metadata.autoOrient
  return { width, height: metadata.pageHeight ?? height }
}

function requireDimensions(width: number, height: number): void {
  const proportion = Math.max(width, height) / Math.min(width, height)
  if (!(width + height <= MAX_PHOTO_SIDES_PX && proportion <= MAX_PHOTO_PROPORTION))
    throw rpcError('PHOTO_INVALID_DIMENSIONS')
}

async function decode(source: MediaSource, px: number, square: boolean): Promise<Pixels> {
  const { data, info } = await failing(
    opened(source)
      .autoOrient()
      .resize(px, px, { fit: square ? 'cover' : 'inside', withoutEnlargement: true })
      .flatten({ background: PAPER })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true }),
  )
  const pixels = { data, width: info.width, height: info.height }
  return square ? squared(pixels) : pixels
}

/** A picture smaller than the box keeps its sides where it is not enlarged: what stands over is cut off here. */
async function squared(pixels: Pixels): Promise<Pixels> {
  const side = Math.min(pixels.width, pixels.height)
  if (pixels.width === pixels.height) return pixels
  const data = await failing(drawn(pixels).resize(side, side, { fit: 'cover' }).raw().toBuffer())
  return { data, width: side, height: side }
}

/** Clients count on every square of a profile, so that small pictures are enlarged there. */
async function size({ type, px }: Box, pixels: Pixels, enlarged: boolean): Promise<ImageSize> {
  const { data, info } = await failing(
    drawn(pixels)
      .resize(px, px, { fit: 'inside', withoutEnlargement: !enlarged })
      .jpeg({ quality: QUALITY, progressive: true })
      .toBuffer({ resolveWithObject: true }),
  )
  return { type, width: info.width, height: info.height, bytes: data }
}

/** A picture opened for decoding, under all limits. */
export function opened(source: MediaSource): Sharp {
  return sharp(source, { limitInputPixels: MAX_IMAGE_PIXELS, failOn: 'error', sequentialRead: true }).timeout(
    { seconds: IMAGE_TIMEOUT_SECONDS },
  )
}

function drawn({ data, width, height }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } }).timeout({ seconds: IMAGE_TIMEOUT_SECONDS })
}

/** Whatever the library objects to is the picture's fault. */
async function failing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch {
    throw rpcError('IMAGE_PROCESS_FAILED')
  }
}
