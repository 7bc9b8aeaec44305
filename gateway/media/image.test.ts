import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { pngBomb } from './bombs.fixture.ts'
import { deriveImage } from './image.ts'
import { picture } from './samples.ts'

const sizesOf = ({ sizes }: Awaited<ReturnType<typeof deriveImage>>) =>
  sizes.map(({ type, width, height }) => `${type} ${width}x${height}`)

/** The colour in the middle of the left and of the right half. */
async function halves(bytes: Buffer): Promise<[string, string]> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  const at = (x: number) => {
    const pixel = (Math.floor(info.height / 2) * info.width + Math.floor(x * info.width)) * info.channels
    return data[pixel]! > data[pixel + 2]! ? 'red' : 'blue'
  }
  return [at(0.25), at(0.75)]
}

describe('sizes of a photo', () => {
  it('has all boxes below its longer side and the one that holds it whole', async () => {
    const derived = await deriveImage(await picture({ width: 1000, height: 500 }), 'photo')
    expect(sizesOf(derived)).toEqual(['m 320x160', 'x 800x400', 'y 1000x500'])
    expect(derived).toMatchObject({ width: 1000, height: 500, mime: 'image/jpeg' })
  })

  it('scales what is larger than all boxes down, and enlarges nothing', async () => {
    expect(sizesOf(await deriveImage(await picture({ width: 4000, height: 2000 }), 'photo'))).toEqual([
      'm 320x160',
      'x 800x400',
      'y 1280x640',
      'w 2560x1280',
    ])
    expect(sizesOf(await deriveImage(await picture({ width: 90, height: 60 }), 'photo'))).toEqual(['m 90x60'])
  })

  it('cuts squares for profiles, all of them from small pictures too', async () => {
    const large = await deriveImage(await picture({ width: 1000, height: 700 }), 'profile')
    expect(sizesOf(large)).toEqual(['a 160x160', 'b 320x320', 'c 640x640'])
    expect(sizesOf(await deriveImage(await picture({ width: 300, height: 100 }), 'profile'))).toEqual([
      'a 160x160',
      'b 320x320',
      'c 640x640',
    ])
  })

  it('has one thumb for documents', async () => {
    expect(sizesOf(await deriveImage(await picture({ width: 1000, height: 500 }), 'thumb'))).toEqual([
      'm 320x160',
    ])
  })

  it.each(['png', 'webp', 'gif'] as const)('reads %s, transparent too', async (format) => {
    const derived = await deriveImage(
      await picture({ width: 200, height: 100, format, channels: 4 }),
      'photo',
    )
    expect(await halves(derived.sizes[0]!.bytes)).toEqual(['red', 'blue'])
  })
})

describe('pictures of all sorts', () => {
  const plain = { create: { width: 300, height: 200, channels: 3, background: '#2040c0' } } as const

  it.each([
    ['grey JPEG', () => sharp(plain).greyscale().toColourspace('b-w').jpeg().toBuffer()],
    ['grey PNG', () => sharp(plain).greyscale().toColourspace('b-w').png().toBuffer()],
    ['16-bit PNG', () => sharp(plain).toColourspace('rgb16').png().toBuffer()],
    ['palette PNG', () => sharp(plain).png({ palette: true }).toBuffer()],
    ['CMYK JPEG', () => sharp(plain).toColourspace('cmyk').jpeg().toBuffer()],
    ['progressive JPEG', () => sharp(plain).jpeg({ progressive: true }).toBuffer()],
    ['lossless WebP', () => sharp(plain).webp({ lossless: true }).toBuffer()],
    ['P3 JPEG', () => sharp(plain).withIccProfile('p3').jpeg().toBuffer()],
  ])('takes a %s', async (_, make) => {
    const { sizes, stripped } = await deriveImage(await make(), 'photo')
    expect(sizes.map(({ type, width, height }) => `${type} ${width}x${height}`)).toEqual(['m 300x200'])
    expect(await sharp(sizes[0]!.bytes).metadata()).toMatchObject({ space: 'srgb', channels: 3 })
    expect([...stripped.subarray(0, 3)]).toEqual([1, 27, 40])
  })
})

describe('what cameras write', () => {
  it('turns the picture upright and drops EXIF', async () => {
    const turned = await picture({ width: 400, height: 200, orientation: 3 })
    const derived = await deriveImage(turned, 'photo')
    expect(await halves(derived.sizes[0]!.bytes)).toEqual(['blue', 'red'])
    for (const { bytes } of derived.sizes) {
      expect((await sharp(bytes).metadata()).exif).toBeUndefined()
      expect(bytes.includes('Secret place')).toBe(false)
    }
    expect(turned.includes('Secret place')).toBe(true)
  })

  it('gives sides as shown', async () => {
    const lying = await picture({ width: 400, height: 200, orientation: 6 })
    expect(await deriveImage(lying, 'photo')).toMatchObject({ width: 200, height: 400 })
  })
})

describe('refusals', () => {
  it('refuses a bomb by its header, in no time', async () => {
    const before = process.cpuUsage()
    await expect(deriveImage(pngBomb(60_000, 60_000), 'photo')).rejects.toThrow('PHOTO_INVALID_DIMENSIONS')
    const { user, system } = process.cpuUsage(before)
    expect(user + system).toBeLessThan(1_000_000)
  })

  it('refuses sides beyond 10000 together, and strips', async () => {
    const refused = 'PHOTO_INVALID_DIMENSIONS'
    await expect(deriveImage(pngBomb(9_000, 1_001), 'photo')).rejects.toThrow(refused)
    await expect(deriveImage(await picture({ width: 2_100, height: 100 }), 'photo')).rejects.toThrow(refused)
  })

  it('refuses what is no picture, and what is cut off', async () => {
    await expect(
      deriveImage(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'photo'),
    ).rejects.toThrow('PHOTO_EXT_INVALID')
    const whole = await picture({ width: 800, height: 600, format: 'png' })
    await expect(deriveImage(whole.subarray(0, whole.length / 2), 'photo')).rejects.toThrow(
      'IMAGE_PROCESS_FAILED',
    )
    await expect(deriveImage(whole.subarray(0, 12), 'photo')).rejects.toThrow('IMAGE_PROCESS_FAILED')
  })
})

describe('stripped thumbnails', () => {
  it('becomes the picture again behind the header that clients have', async () => {
    const { strippedPhotoToJpg } = await import('telegram/Utils.js')
    const { stripped } = await deriveImage(await picture({ width: 1000, height: 500 }), 'photo')
    expect([...stripped.subarray(0, 3)]).toEqual([1, 20, 40])
    expect(stripped.length).toBeLessThan(600)
    const jpeg = strippedPhotoToJpg(stripped)
    expect(await sharp(jpeg, { failOn: 'warning' }).metadata()).toMatchObject({ width: 40, height: 20 })
    expect(await halves(jpeg)).toEqual(['red', 'blue'])
  })
})
