import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  gifBomb,
  jpegScanBomb,
  loopingWebp,
  nestedWebp,
  pngBomb,
  pngDataBomb,
  pngTextBomb,
} from './bombs.fixture.ts'
import { createDerivatives } from './create-derivatives.ts'
import type { Derivatives } from './derivatives.ts'
import { picture } from './samples.ts'

const MIB = 1024 * 1024
/** Of this process: the picture itself, twice, and what its test made. */
const MAX_GROWTH_BYTES = 64 * MIB

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><use href="/etc/passwd"/></svg>'
const flat = (side: number) =>
  sharp({ create: { width: side, height: side, channels: 3, background: 'red' } })
/** A TIFF of 50 pages. */
const tiff = () =>
  sharp({ create: { width: 8, height: 400, channels: 3, background: 'red', pageHeight: 8 } })
    .tiff()
    .toBuffer()
const behind = (signature: string, bytes: Buffer) => Buffer.concat([Buffer.from(signature, 'hex'), bytes])

const DIMENSIONS = /^PHOTO_INVALID_DIMENSIONS$/
const FAILED = /^IMAGE_PROCESS_FAILED$/
const NO_PICTURE = /^PHOTO_EXT_INVALID$/
/** Decoders may stop at what they have, or find fault. */
const EITHER = /^(taken|IMAGE_PROCESS_FAILED|PHOTO_INVALID_DIMENSIONS)$/

const BOMBS: readonly [string, () => Buffer | Promise<Buffer>, RegExp][] = [
  ['PNG of 60000 x 60000', () => pngBomb(60_000, 60_000), DIMENSIONS],
  ['PNG of 2^31 - 1 pixels a side', () => pngBomb(0x7fff_ffff, 0x7fff_ffff), /DIMENSIONS|FAILED/],
  ['PNG without data', () => pngBomb(4_000, 4_000), FAILED],
  ['PNG whose data unpack to 512 MiB', () => pngDataBomb(512 * MIB), EITHER],
  ['PNG whose texts unpack to 256 MiB', () => pngTextBomb(256 * MIB), EITHER],
  ['GIF of 65535 x 65535', () => gifBomb(65_535, 65_535, 1), DIMENSIONS],
  ['GIF of 600,000 frames', () => gifBomb(2, 2, 600_000), EITHER],
  ['WebP of 16384 x 16384 that goes round', () => loopingWebp(16_384, 16_384), /DIMENSIONS|FAILED/],
  ['WebP that shows nothing for ever', () => loopingWebp(64, 64), FAILED],
  ['WebP in WebP in WebP', () => nestedWebp(1_000), FAILED],
  ['JPEG of 2,000 scans', () => jpegScanBomb(3_000, 2_000), EITHER],
  ['AVIF', () => flat(64).avif({ effort: 0 }).toBuffer(), NO_PICTURE],
  ['SVG', () => Buffer.from(SVG), NO_PICTURE],
  ['TIFF', tiff, NO_PICTURE],
  ['TIFF behind a PNG signature', async () => behind('89504e470d0a1a0a', await tiff()), FAILED],
  ['SVG behind a JPEG signature', () => behind('ffd8ff', Buffer.from(SVG)), FAILED],
]

const notices: string[] = []
let derivatives: Derivatives
beforeAll(async () => {
  derivatives = await createDerivatives({ programs: undefined, notice: (line) => notices.push(line) })
  notices.length = 0
})
// That it took too long would be among them, by the clock of what waits for it.
afterEach(() => expect(notices, 'no picture may end its process').toEqual([]))
afterAll(() => derivatives.close())

const outcomeOf = (source: Buffer): Promise<string> =>
  derivatives.image(source, 'photo').then(
    () => 'taken',
    (error: Error) => error.message.replace(/^400 /, ''),
  )

it.each(BOMBS)('survives a %s within its time, and holds none of it', async (_, make, outcome) => {
  const source = await make()
  const before = process.memoryUsage.rss()
  expect(await outcomeOf(source)).toMatch(outcome)
  expect(process.memoryUsage.rss() - before).toBeLessThan(MAX_GROWTH_BYTES)
})

describe('files that are cut off', () => {
  it.each(['jpeg', 'png', 'webp', 'gif'] as const)('%s', async (format) => {
    const whole = await picture({ width: 800, height: 600, format })
    for (const share of [0.01, 0.3, 0.6, 0.9]) {
      const cut = whole.subarray(0, Math.max(16, Math.floor(whole.length * share)))
      expect(await outcomeOf(cut)).toMatch(FAILED)
    }
  })
})
