import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDerivatives, SYSTEM_PROGRAMS } from './create-derivatives.ts'
import type { Derivatives } from './derivatives.ts'
import { gif, mp4, picture, song, tgs, voice, webm } from './samples.ts'

/** `HELIOGRAPH_NO_FFMPEG=1` runs these tests on a machine without ffmpeg; otherwise they fail there. */
const withFfmpeg = process.env.HELIOGRAPH_NO_FFMPEG !== '1'

describe.runIf(withFfmpeg)('with ffmpeg, which has to be installed (or set HELIOGRAPH_NO_FFMPEG=1)', () => {
  const notices: string[] = []
  let derivatives: Derivatives
  beforeAll(async () => {
    derivatives = await createDerivatives({ programs: SYSTEM_PROGRAMS, notice: (line) => notices.push(line) })
    expect(notices, 'ffmpeg is not installed').toEqual([])
  })
  afterAll(() => derivatives.close())

  it('describes a video and shows a frame of it', async () => {
    const video = await derivatives.video(await mp4('640x360', 2))
    expect(video).toMatchObject({ width: 640, height: 360, mime: 'video/mp4', hasAudio: true })
    expect(video!.durationSeconds).toBeCloseTo(2, 1)
    expect(video!.thumb.sizes).toMatchObject([{ type: 'm', width: 320, height: 180 }])
    expect(video!.thumb.stripped[0]).toBe(1)
  })

  it('tells whether a video plays while it arrives', async () => {
    const last = await derivatives.video(await mp4('64x64', 1))
    const first = await derivatives.video(await mp4('64x64', 1, ['-movflags', '+faststart']))
    expect([last?.supportsStreaming, first?.supportsStreaming]).toEqual([false, true])
  })

  it('makes a silent MP4 of a GIF', async () => {
    const animation = await derivatives.animation(await gif('101x51', 1))
    expect(animation).toMatchObject({
      width: 100,
      mime: 'video/mp4',
      hasAudio: false,
      supportsStreaming: true,
    })
    const described = await derivatives.video(animation!.bytes)
    expect(described).toMatchObject({ width: 100, height: animation!.height, hasAudio: false })
    expect(await derivatives.animation(await picture({ width: 10, height: 10 }))).toBeUndefined()
  })

  it.each([
    ['640x360', 3, 360],
    ['90x1200', 1, 90],
    ['900x820', 1, 800],
  ] as const)('makes a silent square of a profile video of %s', async (sides, seconds, side) => {
    const made = await derivatives.profileVideo(await mp4(sides, seconds), 0.5)
    expect(made).toMatchObject({ width: side, height: side, startSeconds: 0.5, still: { width: side } })
    const again = await derivatives.video(made!.bytes)
    expect(again).toMatchObject({ mime: 'video/mp4', hasAudio: false, supportsStreaming: true })
    expect(made!.still.sizes[0]).toMatchObject({ width: made!.still.sizes[0]!.height })
  })

  it('takes no profile video that is too long, or none, and one that rests at its end', async () => {
    expect(await derivatives.profileVideo(await mp4('64x64', 11), 0)).toBeUndefined()
    expect(await derivatives.profileVideo(await picture({ width: 64, height: 64 }), 0)).toBeUndefined()
    expect(await derivatives.profileVideo(Buffer.from('no video'), 0)).toBeUndefined()
    const late = await derivatives.profileVideo(await mp4('64x64', 1), 99)
    expect(late!.startSeconds).toBeLessThan(1)
  })

  it('finds the picture in a piece of music', async () => {
    const thumb = await derivatives.cover(await song(await picture({ width: 600, height: 400 })))
    expect(thumb!.sizes).toMatchObject([{ type: 'm', width: 320, height: 213 }])
    expect(await derivatives.cover(await song())).toBeUndefined()
    expect(await derivatives.cover(await mp4('64x64', 1))).toBeUndefined()
    expect(await derivatives.cover(Buffer.from('ID3 but no more'))).toBeUndefined()
  })

  it('draws how loud a voice note is', async () => {
    const audio = await derivatives.audio(await voice(4))
    expect(audio).toMatchObject({ mime: 'audio/ogg', title: 'Tone' })
    expect(audio!.durationSeconds).toBeCloseTo(4, 0)
    const bars = Array.from({ length: 100 }, (_, index) => {
      const bit = index * 5
      const pair = audio!.waveform[bit >> 3]! | ((audio!.waveform[(bit >> 3) + 1] ?? 0) << 8)
      return (pair >> (bit & 7)) & 31
    })
    expect(Math.max(...bars.slice(5, 45))).toBeLessThan(3)
    expect(Math.min(...bars.slice(55, 95))).toBeGreaterThan(25)
  })

  it('says nothing of what it cannot read', async () => {
    const video = await mp4('64x64', 1)
    expect(await derivatives.video(video.subarray(0, 200))).toBeUndefined()
    expect(await derivatives.audio(video)).toBeUndefined()
    expect(await derivatives.video(tgs())).toBeUndefined()
    expect(await derivatives.video(Buffer.from('#EXTM3U\n/etc/passwd\n'))).toBeUndefined()
  })

  it('takes a video sticker', async () => {
    const sticker = await derivatives.sticker(await webm('512x256', 2), 'sticker')
    expect(sticker).toMatchObject({ kind: 'video', mime: 'video/webm', width: 512, height: 256 })
  })

  it.each([
    ['other sides', () => webm('500x256', 1), 'STICKER_GIF_DIMENSIONS'],
    ['too long', () => webm('512x64', 4), 'STICKER_VIDEO_NOWEBM'],
    ['sound', () => webm('512x64', 1, []), 'STICKER_VIDEO_NOWEBM'],
    ['VP8', () => webm('512x64', 1, ['-an', '-c:v', 'libvpx']), 'STICKER_VIDEO_NOWEBM'],
    ['another container', () => mp4('512x512', 1), 'STICKER_FILE_INVALID'],
    [
      'too many bytes',
      async () => Buffer.concat([await webm('512x64', 1), Buffer.alloc(256 * 1024)]),
      'STICKER_VIDEO_BIG',
    ],
  ])('refuses a video sticker: %s', async (_, source, refusal) => {
    await expect(derivatives.sticker(await source(), 'sticker')).rejects.toThrow(refusal)
  })

  it('checks video stickers without ffprobe just so', async () => {
    const bare = await createDerivatives({ programs: undefined, notice: () => {} })
    const sticker = await bare.sticker(await webm('512x256', 2), 'sticker')
    expect(sticker).toMatchObject({ kind: 'video', width: 512, height: 256 })
    expect(sticker.durationSeconds).toBeCloseTo(2, 1)
    for (const wrong of [
      webm('512x64', 4),
      webm('512x64', 1, []),
      webm('512x64', 1, ['-an', '-c:v', 'libvpx']),
    ])
      await expect(bare.sticker(await wrong, 'sticker')).rejects.toThrow('STICKER_VIDEO_NOWEBM')
  })

  it('ends what runs when it is closed', async () => {
    const closing = await createDerivatives({ programs: SYSTEM_PROGRAMS, notice: () => {} })
    const running = closing.video(await mp4('640x360', 2))
    closing.close()
    expect(await running).toBeUndefined()
  })
})

describe('without ffmpeg', () => {
  it('says so once, works on pictures, and leaves the rest to the client', async () => {
    const notices: string[] = []
    const programs = { ffmpeg: '/nowhere/ffmpeg', ffprobe: '/nowhere/ffprobe' }
    const derivatives = await createDerivatives({ programs, notice: (line) => notices.push(line) })
    expect(notices).toHaveLength(1)
    expect(notices[0]).toMatch(/^ffmpeg .* not installed/)
    const moving = await picture({ width: 20, height: 20, format: 'gif' })
    expect(await derivatives.video(moving)).toBeUndefined()
    expect(await derivatives.audio(moving)).toBeUndefined()
    expect(await derivatives.animation(moving)).toBeUndefined()
    expect((await derivatives.image(moving, 'photo')).sizes).toHaveLength(1)
  })

  it('tells a crowd to come again', async () => {
    const derivatives = await createDerivatives({ programs: undefined, notice: () => {} })
    const source = await picture({ width: 64, height: 64 })
    const all = await Promise.allSettled(
      Array.from({ length: 200 }, () => derivatives.image(source, 'thumb')),
    )
    expect(derivatives.depth).toBe(0)
    const refused = all.filter((one) => one.status === 'rejected')
    expect(refused.length).toBe(200 - 64 - 2)
    expect(String(refused[0]!.reason)).toContain('FLOOD_WAIT_5')
    expect((await derivatives.image(source, 'thumb')).sizes).toHaveLength(1)
  })
})

describe('a sticker before colours', () => {
  let derivatives: Derivatives
  beforeAll(async () => {
    derivatives = await createDerivatives({ programs: undefined, notice: () => {} })
  })
  afterAll(() => derivatives.close())

  it('stands in the middle, the first colour above, the second below', async () => {
    const sticker = await picture({ width: 512, height: 512, format: 'webp', channels: 4 })
    const { sizes } = await derivatives.backed(sticker, [0x00ff00, 0x0000ff])
    expect(sizes.map(({ type, width }) => `${type} ${width}`)).toEqual(['a 160', 'b 320', 'c 640'])
    const { data, info } = await sharp(sizes[2]!.bytes).raw().toBuffer({ resolveWithObject: true })
    const at = (x: number, y: number) => [
      ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
    ]
    const [above, below, middle] = [at(10, 10), at(10, 630), at(200, 320)]
    expect(above[1]).toBeGreaterThan(200)
    expect(below[2]).toBeGreaterThan(200)
    expect(middle[0]).toBeGreaterThan(150)
  })

  it('refuses what is no picture', async () => {
    for (const wrong of [Buffer.from('nothing'), tgs()])
      await expect(derivatives.backed(wrong, [0])).rejects.toThrow('IMAGE_PROCESS_FAILED')
  })
})
