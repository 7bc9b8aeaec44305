import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { StickerPurpose } from './derivatives.ts'
import { picture, tgs } from './samples.ts'
import { deriveSticker } from './sticker.ts'

const check = (source: Buffer, purpose: StickerPurpose = 'sticker') => deriveSticker(source, purpose)

describe('static stickers', () => {
  it('takes WebP as it is, and PNG as WebP', async () => {
    const webp = await picture({ width: 512, height: 300, format: 'webp', channels: 4 })
    expect(await check(webp)).toMatchObject({ kind: 'static', mime: 'image/webp', bytes: webp })
    const png = await check(await picture({ width: 300, height: 512, format: 'png', channels: 4 }))
    expect(png).toMatchObject({ width: 300, height: 512 })
    expect(await sharp(png.bytes).metadata()).toMatchObject({
      format: 'webp',
      width: 300,
      height: 512,
      hasAlpha: true,
    })
  })

  it('wants 512 pixels on one side, 100 on both for emoji and thumbs', async () => {
    const of = (width: number, height: number) => picture({ width, height, format: 'png' })
    await expect(check(await of(511, 300))).rejects.toThrow('STICKER_PNG_DIMENSIONS')
    await expect(check(await of(513, 512))).rejects.toThrow('STICKER_PNG_DIMENSIONS')
    await expect(check(await of(512, 512), 'emoji')).rejects.toThrow('STICKER_PNG_DIMENSIONS')
    expect(await check(await of(100, 100), 'emoji')).toMatchObject({ width: 100 })
    expect(await check(await of(100, 100), 'thumb')).toMatchObject({ width: 100 })
  })

  it('refuses what is damaged, too large or no picture', async () => {
    const png = await picture({ width: 512, height: 512, format: 'png' })
    await expect(check(png.subarray(0, png.length - 60))).rejects.toThrow('STICKER_PNG_NOPNG')
    await expect(check(png.subarray(0, 20), 'thumb')).rejects.toThrow('STICKER_THUMB_PNG_NOPNG')
    await expect(check(Buffer.concat([png, Buffer.alloc(512 * 1024)]))).rejects.toThrow(
      'STICKER_FILE_INVALID',
    )
    await expect(check(await picture({ width: 512, height: 512 }))).rejects.toThrow('STICKER_FILE_INVALID')
    await expect(check(Buffer.alloc(0))).rejects.toThrow('STICKER_FILE_INVALID')
  })
})

describe('animated stickers', () => {
  it('takes a Lottie of 512 x 512 and 3 s', async () => {
    expect(await check(tgs())).toMatchObject({
      kind: 'animated',
      mime: 'application/x-tgsticker',
      width: 512,
      durationSeconds: 3,
    })
  })

  it.each([
    ['too long', tgs({ op: 181 })],
    ['other sides', tgs({ w: 511 })],
    ['no square', tgs({ h: 256 })],
    ['too fast', tgs({ fr: 120, op: 120 })],
    ['backwards', tgs({ op: -1 })],
    ['empty', tgs({ layers: [] })],
    ['no numbers', tgs({ fr: 'often' })],
    ['no object', gzipSync('[]')],
    ['null', gzipSync('null')],
    ['no JSON', gzipSync('{')],
    ['cut off', tgs().subarray(0, 100)],
  ])('refuses %s', async (_, source) => {
    await expect(check(source)).rejects.toThrow('STICKER_TGS_NOTGS')
  })

  it('unpacks no more than 2 MiB', async () => {
    const bomb = gzipSync(`{"a":"${'0'.repeat(40 * 1024 * 1024)}"}`)
    expect(bomb.length).toBeLessThan(64 * 1024)
    const before = process.memoryUsage().rss
    await expect(check(bomb)).rejects.toThrow('STICKER_TGS_NOTGS')
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * 1024 * 1024)
  })

  it('refuses too many bytes before it unpacks any', async () => {
    await expect(check(Buffer.concat([tgs(), Buffer.alloc(64 * 1024)]))).rejects.toThrow(
      'STICKER_FILE_INVALID',
    )
  })
})
