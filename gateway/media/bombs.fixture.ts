import { crc32, deflateSync } from 'node:zlib'
import { picture } from './samples.ts'

/** Pictures that are made to cost a decoder much more than their bytes. */

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

function pngChunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data])
  const around = Buffer.alloc(4)
  around.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([around, body, sum])
}

/** A PNG that says it has these sides, with hardly a byte of data. */
export function pngBomb(width: number, height: number, data = Buffer.alloc(8), ...between: Buffer[]): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    ...between,
    pngChunk('IDAT', data),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A small PNG whose data unpack to far more than its sides have place for. */
export const pngDataBomb = (unpackedBytes: number): Buffer =>
  pngBomb(64, 64, deflateSync(Buffer.alloc(unpackedBytes)))

/** A small PNG with a text and a colour profile that unpack to very much. */
export function pngTextBomb(unpackedBytes: number): Buffer {
  const packed = deflateSync(Buffer.alloc(unpackedBytes))
  const named = (name: string) => Buffer.concat([Buffer.from(`${name}\0\0`), packed])
  const pixels = deflateSync(Buffer.alloc(64 * (64 * 3 + 1)))
  return pngBomb(64, 64, pixels, pngChunk('iCCP', named('profile')), pngChunk('zTXt', named('Comment')))
}

/** A GIF of these sides with so many frames as large, each of hardly a byte. */
export function gifBomb(width: number, height: number, frames: number): Buffer {
  const screen = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1')
  screen.writeUInt16LE(width, 6)
  screen.writeUInt16LE(height, 8)
  const frame = Buffer.from('2c0000000000000000000202440100', 'hex')
  frame.writeUInt16LE(width, 5)
  frame.writeUInt16LE(height, 7)
  return Buffer.concat([screen, ...new Array<Buffer>(frames).fill(frame), Buffer.from(';')])
}

/** RIFF chunks, one inside the other, behind what a WebP begins with. */
export function nestedWebp(depth: number): Buffer {
  let inner = Buffer.alloc(0)
  for (let level = 0; level < depth; level += 1) {
    const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
    head.writeUInt32LE(inner.length + 4, 4)
    inner = Buffer.concat([head, inner])
  }
  return inner
}

/** A WebP that says it is animated, goes round for ever and has this canvas, but shows nothing. */
export function loopingWebp(width: number, height: number): Buffer {
  const extended = Buffer.alloc(18)
  extended.write('VP8X', 'latin1')
  extended.writeUInt32LE(10, 4)
  extended[8] = 2
  extended.writeUIntLE(width - 1, 12, 3)
  extended.writeUIntLE(height - 1, 15, 3)
  const animation = Buffer.from('ANIM\x06\0\0\0\0\0\0\0\0\0', 'latin1')
  const frame = Buffer.alloc(24)
  frame.write('ANMF', 'latin1')
  frame.writeUInt32LE(16, 4)
  const body = Buffer.concat([extended, animation, ...new Array<Buffer>(10_000).fill(frame)])
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}

/** A progressive JPEG whose last scan comes again and again: each one is another walk over all of the picture. */
export async function jpegScanBomb(side: number, scans: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  const whole = await sharp(await picture({ width: side, height: side, format: 'png' }))
    .jpeg({ progressive: true })
    .toBuffer()
  const scan = whole.subarray(whole.lastIndexOf(Buffer.of(0xff, 0xda)), -2)
  const repeated = new Array<Buffer>(scans).fill(scan)
  return Buffer.concat([whole.subarray(0, -2), ...repeated, whole.subarray(-2)])
}
