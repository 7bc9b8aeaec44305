import type { Sharp } from 'sharp'

/** The longer side of a stripped thumbnail. */
const STRIPPED_PX = 40
/** Clients put back a header with the tables of this quality and with the standard Huffman tables. */
const QUALITY = 20
const VERSION = 1
/** Where the low bytes of height and width stand, and how long all is in front of the scan: always the same, without JFIF. */
const HEIGHT_AT = 146
const WIDTH_AT = 148
const HEADER_BYTES = 605
const FOOTER_BYTES = 2

/**
 * The smallest thumbnail: a JPEG whose header and footer, always the same, are left out; a version byte and the two sides
 * stand in their place (core.telegram.org/api/files#stripped-thumbnails). `image` is opaque and in sRGB.
 */
export async function stripped(image: Sharp): Promise<Buffer> {
  const jpeg = await image
    .resize(STRIPPED_PX, STRIPPED_PX, { fit: 'inside' })
    .jpeg({
      quality: QUALITY,
      chromaSubsampling: '4:2:0',
      optimiseCoding: false,
      quantisationTable: 0,
      progressive: false,
      trellisQuantisation: false,
    })
    .toBuffer()
  const sides = Buffer.of(VERSION, jpeg[HEIGHT_AT]!, jpeg[WIDTH_AT]!)
  return Buffer.concat([sides, jpeg.subarray(HEADER_BYTES, -FOOTER_BYTES)])
}
