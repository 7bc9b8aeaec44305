import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { inDirectory } from './source.ts'

/** Media that tests, the fuzzer and the demonstration make for themselves. */

const run = promisify(execFile)

export interface PictureOptions {
  readonly width: number
  readonly height: number
  readonly format?: 'jpeg' | 'png' | 'webp' | 'gif'
  /** EXIF orientation, 1 to 8. */
  readonly orientation?: number
  readonly channels?: 3 | 4
}

/** A picture that is red on its left and blue on its right half. */
export function picture(options: PictureOptions): Promise<Buffer> {
  const { width, height, format = 'jpeg', orientation, channels = 3 } = options
  const alpha = channels === 4 ? 0.9 : 1
  const left = {
    create: { width: Math.ceil(width / 2), height, channels, background: { r: 208, g: 32, b: 32, alpha } },
  } as const
  const base = sharp({ create: { width, height, channels, background: { r: 32, g: 64, b: 192, alpha } } })
    .composite([{ input: left, gravity: 'west' }])
    .toFormat(format)
  const described = orientation === undefined ? base : base.withMetadata({ orientation })
  return described.withExifMerge({ IFD0: { Artist: 'Somebody', Copyright: 'Secret place' } }).toBuffer()
}

/** A gzipped Lottie animation: a square that turns. */
export function tgs(changes: Readonly<Record<string, unknown>> = {}): Buffer {
  const lottie = {
    tgs: 1,
    v: '5.5.2',
    fr: 60,
    ip: 0,
    op: 180,
    w: 512,
    h: 512,
    ddd: 0,
    assets: [],
    layers: [layer],
  }
  return gzipSync(JSON.stringify({ ...lottie, ...changes }), { level: 9 })
}

const still = (k: unknown) => ({ a: 0, k })
const layer = {
  ...{ ddd: 0, ind: 1, ty: 4, nm: 'square', sr: 1, ao: 0, ip: 0, op: 180, st: 0, bm: 0 },
  ks: {
    o: still(100),
    r: {
      a: 1,
      k: [
        { t: 0, s: [0], i: { x: [1], y: [1] }, o: { x: [0], y: [0] } },
        { t: 180, s: [360] },
      ],
    },
    p: still([256, 256, 0]),
    a: still([0, 0, 0]),
    s: still([100, 100, 100]),
  },
  shapes: [
    {
      ty: 'gr',
      it: [
        { ty: 'rc', d: 1, s: still([200, 200]), p: still([0, 0]), r: still(20) },
        { ty: 'fl', c: still([0.9, 0.2, 0.2, 1]), o: still(100) },
        { ty: 'tr', p: still([0, 0]), a: still([0, 0]), s: still([100, 100]), r: still(0), o: still(100) },
      ],
    },
  ],
}

/** What the system's ffmpeg makes, given `args`, as a file of this name; fails where it is not installed. */
export function ffmpegSample(name: string, args: readonly string[]): Promise<Buffer> {
  return inDirectory(async (directory) => {
    const path = join(directory, name)
    await run('ffmpeg', ['-v', 'error', '-nostdin', ...args, path])
    return readFile(path)
  })
}

const moving = (sides: string, seconds: number): string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc=s=${sides}:d=${seconds}:r=30`,
]
const tone = (seconds: number): string[] => ['-f', 'lavfi', '-i', `sine=f=440:d=${seconds}`]

export const mp4 = (sides: string, seconds: number, more: readonly string[] = []): Promise<Buffer> =>
  ffmpegSample('video.mp4', [
    ...moving(sides, seconds),
    ...tone(seconds),
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', ...more],
  ])

export const webm = (sides: string, seconds: number, more: readonly string[] = ['-an']): Promise<Buffer> =>
  ffmpegSample('video.webm', [
    ...[
      ...moving(sides, seconds),
      ...tone(seconds),
      '-c:v',
      'libvpx-vp9',
      '-deadline',
      'realtime',
      '-cpu-used',
      '8',
    ],
    ...['-b:v', '200k', '-c:a', 'libopus', ...more],
  ])

/** Silence for the first half, a tone in the second. */
export const voice = (seconds: number): Promise<Buffer> =>
  ffmpegSample('voice.ogg', [
    ...tone(seconds),
    ...['-af', `volume=enable='lt(t,${seconds / 2})':volume=0`, '-c:a', 'libopus', '-metadata', 'title=Tone'],
  ])

export const gif = (sides: string, seconds: number): Promise<Buffer> =>
  ffmpegSample('moving.gif', ['-f', 'lavfi', '-i', `testsrc=s=${sides}:d=${seconds}:r=10`])

/** A second of music, with this picture in it. */
export const song = (cover?: Buffer): Promise<Buffer> =>
  inDirectory(async (directory) => {
    const path = join(directory, 'cover.jpg')
    if (cover !== undefined) await writeFile(path, cover)
    const picture = cover === undefined ? [] : ['-i', path, '-map', '0:a', '-map', '1:v', '-c:v', 'copy']
    const marked = cover === undefined ? [] : ['-disposition:v', 'attached_pic', '-id3v2_version', '3']
    return ffmpegSample('song.mp3', [...tone(1), ...picture, ...marked, '-c:a', 'libmp3lame'])
  })
