import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import sharp from 'sharp'
import type { DerivedSticker } from '../../media/derivatives.ts'
import type { Glyph, Shape } from './glyphs.ts'

const zip = promisify(gzip)
const PX = 512
const CENTRE = PX / 2
const FRAMES_PER_SECOND = 60
const FRAMES = 60
/** How much a glyph grows in the middle of its animation, in per cent. */
const GROWN = 115
const REST = 90

/** A glyph as a WebP sticker. */
export async function drawnStill({ shapes }: Glyph): Promise<DerivedSticker> {
  const body = shapes.map(svgShape).join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${PX}" height="${PX}">${body}</svg>`
  const bytes = await sharp(Buffer.from(svg)).webp({ lossless: true }).toBuffer()
  return { kind: 'static', mime: 'image/webp', width: PX, height: PX, durationSeconds: 0, bytes }
}

/** A glyph as an animated sticker: it grows and comes to rest again. */
export async function drawnMoving({ shapes }: Glyph): Promise<DerivedSticker> {
  const lottie = {
    ...{ tgs: 1, v: '5.5.2', fr: FRAMES_PER_SECOND, ip: 0, op: FRAMES, w: PX, h: PX, ddd: 0, assets: [] },
    layers: [{ ...LAYER, shapes: [...shapes].reverse().map(lottieGroup) }],
  }
  const bytes = await zip(JSON.stringify(lottie))
  const durationSeconds = FRAMES / FRAMES_PER_SECOND
  return { kind: 'animated', mime: 'application/x-tgsticker', width: PX, height: PX, durationSeconds, bytes }
}

function svgShape(shape: Shape): string {
  if (shape.kind === 'polygon') return `<polygon points="${shape.points.join(' ')}" fill="${shape.color}"/>`
  const { x, y, rx, ry, color } = shape
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${color}"/>`
}

const still = (k: unknown) => ({ a: 0, k })
const key = (t: number, percent: number) => ({
  t,
  s: [percent, percent, 100],
  i: { x: [0.6, 0.6, 0.6], y: [1, 1, 1] },
  o: { x: [0.4, 0.4, 0.4], y: [0, 0, 0] },
})
const LAYER = {
  ...{ ddd: 0, ind: 1, ty: 4, nm: 'glyph', sr: 1, ao: 0, ip: 0, op: FRAMES, st: 0, bm: 0 },
  ks: {
    ...{ o: still(100), r: still(0), p: still([CENTRE, CENTRE, 0]), a: still([CENTRE, CENTRE, 0]) },
    s: { a: 1, k: [key(0, REST), key(FRAMES / 2, GROWN), key(FRAMES - 1, REST)] },
  },
}
const PLACE = {
  ty: 'tr',
  p: still([0, 0]),
  a: still([0, 0]),
  s: still([100, 100]),
  r: still(0),
  o: still(100),
}

function lottieGroup(shape: Shape) {
  const fill = { ty: 'fl', c: still([...channels(shape.color), 1]), o: still(100), r: 1 }
  return { ty: 'gr', it: [lottieShape(shape), fill, PLACE] }
}

function lottieShape(shape: Shape) {
  if (shape.kind === 'ellipse')
    return { ty: 'el', d: 1, p: still([shape.x, shape.y]), s: still([shape.rx * 2, shape.ry * 2]) }
  const flat = shape.points.map(() => [0, 0])
  return { ty: 'sh', d: 1, ks: still({ i: flat, o: flat, v: shape.points, c: true }) }
}

const CHANNEL_MAX = 255
const channels = (color: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / CHANNEL_MAX)
