import { createDerivatives, type Derivatives } from '@heliograph/gateway/media'
import { RpcError } from '@heliograph/schemas/tl'
import { mutate, seededBelow } from './mutate.ts'

const PATHS = [
  'image photo',
  'image profile',
  'image thumb',
  'sticker sticker',
  'sticker emoji',
  'sticker thumb',
  'video',
  'audio',
  'animation',
  'webm header',
  'cover',
  'profile video',
  'backed sticker',
] as const
export type Path = (typeof PATHS)[number]

/** ffmpeg's paths take a process each: their kinds come as often, those of pictures much more often. */
const PATHS_BY_KIND: Readonly<Record<string, readonly Path[]>> = {
  tgs: ['sticker sticker', 'sticker thumb'],
  'moving-gif': ['animation', 'image photo'],
  mp4: ['video', 'audio', 'profile video'],
  webm: ['video', 'sticker sticker', 'webm header', 'webm header'],
  voice: ['audio'],
  song: ['audio', 'cover'],
}
const PICTURE_PATHS = [...PATHS.slice(0, 6), 'backed sticker'] as const

export interface FuzzCase {
  readonly kind: string
  readonly path: Path
  readonly source: Buffer
}

/** Case `index` of a run: the same for the same seed and corpus. */
export function makeCase(seed: number, index: number, corpus: ReadonlyMap<string, Buffer>): FuzzCase {
  const below = seededBelow(Math.imul(seed, 0x9e3779b1) + index)
  const kinds = [...corpus.keys()]
  const kind = kinds[below(kinds.length)]!
  const paths = PATHS_BY_KIND[kind] ?? PICTURE_PATHS
  const path = paths[below(paths.length)]!
  const other = corpus.get(kinds[below(kinds.length)]!)!
  return { kind, path, source: mutate(corpus.get(kind)!, other, below) }
}

/** Runs one case: `taken`, or the name of the refusal. Throws where the parser did what it must never do. */
export async function performCase({ path, source }: FuzzCase, derivatives: Derivatives): Promise<string> {
  try {
    const result = await derive(path, source, derivatives)
    return result === undefined ? 'unreadable' : 'taken'
  } catch (error) {
    if (error instanceof RpcError) return error.errorMessage
    throw error
  }
}

let bare: Promise<Derivatives> | undefined

/** Reads the headers of videos itself. */
function withoutPrograms(): Promise<Derivatives> {
  bare ??= createDerivatives({ programs: undefined, notice: () => undefined })
  return bare
}

function derive(path: Path, source: Buffer, derivatives: Derivatives): Promise<unknown> {
  switch (path) {
    case 'image photo':
      return derivatives.image(source, 'photo')
    case 'image profile':
      return derivatives.image(source, 'profile')
    case 'image thumb':
      return derivatives.image(source, 'thumb')
    case 'sticker sticker':
      return derivatives.sticker(source, 'sticker')
    case 'sticker emoji':
      return derivatives.sticker(source, 'emoji')
    case 'sticker thumb':
      return derivatives.sticker(source, 'thumb')
    case 'profile video':
      return derivatives.profileVideo(source, 0)
    case 'backed sticker':
      return derivatives.backed(source, [0xff0000, 0x0000ff])
    case 'webm header':
      return withoutPrograms().then((bare) => bare.sticker(source, 'sticker'))
    default:
      return derivatives[path](source)
  }
}
