import { rpcError } from '@heliograph/schemas/tl'
import sharp from 'sharp'
import type { DerivedImage } from './derivatives.ts'
import { formatOf } from './format.ts'
import { deriveImage, opened } from './image.ts'

/** The picture's side, and that of what stands in its middle. */
const SIDE_PX = 640
const INNER_PX = 400
const CHANNELS = 3

/** The corners take up to four colours in turn: left above, right below, right above, left below. */
const CORNERS = [
  [0, 2],
  [3, 1],
] as const

/**
 * A profile's picture of a sticker before a ground of one to four colours (0xRRGGBB) that run into each other.
 * IMAGE_PROCESS_FAILED: the sticker is no WebP, PNG or JPEG, or damaged.
 */
export async function deriveBacked(sticker: Buffer, colors: readonly number[]): Promise<DerivedImage> {
  if (!['webp', 'png', 'jpeg'].includes(formatOf(sticker) ?? '')) throw rpcError('IMAGE_PROCESS_FAILED')
  const raw = { width: SIDE_PX, height: SIDE_PX, channels: CHANNELS } as const
  try {
    const inner = await opened(sticker).resize(INNER_PX, INNER_PX, { fit: 'inside' }).png().toBuffer()
    const whole = sharp(ground(colors), { raw }).composite([{ input: inner, gravity: 'centre' }])
    return await deriveImage(await whole.png().toBuffer(), 'profile')
  } catch {
    throw rpcError('IMAGE_PROCESS_FAILED')
  }
}

function ground(colors: readonly number[]): Buffer {
  const pixels = Buffer.allocUnsafe(SIDE_PX * SIDE_PX * CHANNELS)
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    const shift = 8 * (CHANNELS - 1 - channel)
    const corner = (y: 0 | 1, x: 0 | 1) => (colors[CORNERS[y][x] % colors.length]! >> shift) & 0xff
    for (let y = 0; y < SIDE_PX; y += 1) {
      const down = y / (SIDE_PX - 1)
      const left = corner(0, 0) * (1 - down) + corner(1, 0) * down
      const right = corner(0, 1) * (1 - down) + corner(1, 1) * down
      for (let x = 0; x < SIDE_PX; x += 1)
        pixels[(y * SIDE_PX + x) * CHANNELS + channel] = left + ((right - left) * x) / (SIDE_PX - 1)
    }
  }
  return pixels
}
