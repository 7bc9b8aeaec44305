import { rpcError } from '@heliograph/schemas/tl'
import type { DerivedSticker, StickerPurpose } from './derivatives.ts'
import type { Programs } from './ffmpeg.ts'
import {
  MAX_ANIMATED_SET_THUMB_BYTES,
  MAX_STICKER_FPS,
  MAX_STICKER_SECONDS,
  MAX_VIDEO_STICKER_BYTES,
} from './limits.ts'
import { probe } from './probe.ts'
import { asFile } from './source.ts'
import { fitsSticker } from './sticker-sides.ts'
import { webmHeader } from './webm.ts'

/** Muxers round the length up to their clock. */
const DURATION_SLACK_SECONDS = 0.05
const FPS_SLACK = 0.5

/** What the checks look at, whoever has read it. */
export interface WebmFacts {
  readonly codec: string
  readonly width: number
  readonly height: number
  readonly durationSeconds: number
  /** 0 where it is not known. */
  readonly framesPerSecond: number
  readonly hasAudio: boolean
}

/**
 * A WebM of VP9 without sound, at most 3 s and 256 KiB (core.telegram.org/stickers#video-stickers). STICKER_VIDEO_BIG: too many
 * bytes. STICKER_GIF_DIMENSIONS: other sides. STICKER_VIDEO_NOWEBM: anything else. Without ffprobe the headers alone are read.
 */
export async function videoSticker(
  programs: Programs | undefined,
  source: Buffer,
  purpose: StickerPurpose,
  signal: AbortSignal,
): Promise<DerivedSticker> {
  const limit = purpose === 'thumb' ? MAX_ANIMATED_SET_THUMB_BYTES : MAX_VIDEO_STICKER_BYTES
  if (source.length > limit) throw rpcError('STICKER_VIDEO_BIG')
  const header = webmHeader(source)
  const facts = programs && header ? await probed(programs, source, signal) : header
  if (facts === undefined || !isSilentVp9(facts)) throw rpcError('STICKER_VIDEO_NOWEBM')
  const { width, height, durationSeconds } = facts
  if (!fitsSticker(width, height, purpose)) throw rpcError('STICKER_GIF_DIMENSIONS')
  return { kind: 'video', mime: 'video/webm', width, height, durationSeconds, bytes: source }
}

function isSilentVp9({ codec, durationSeconds, framesPerSecond, hasAudio }: WebmFacts): boolean {
  return (
    codec === 'vp9' &&
    !hasAudio &&
    durationSeconds > 0 &&
    durationSeconds <= MAX_STICKER_SECONDS + DURATION_SLACK_SECONDS &&
    framesPerSecond <= MAX_STICKER_FPS + FPS_SLACK
  )
}

function probed(programs: Programs, source: Buffer, signal: AbortSignal): Promise<WebmFacts | undefined> {
  return asFile(source, async (path) => {
    const file = await probe(programs, path, signal)
    if (file?.video === undefined) return
    return { ...file.video, durationSeconds: file.durationSeconds, hasAudio: file.audioCodec !== undefined }
  })
}
