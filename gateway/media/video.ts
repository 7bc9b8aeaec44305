import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Derivatives, DerivedAnimation, DerivedThumb, DerivedVideo, MediaSource } from './derivatives.ts'
import { isFaststart } from './faststart.ts'
import { ffmpegOutput, type Programs } from './ffmpeg.ts'
import type { MediaFormat } from './format.ts'
import { FRAME_MAX_OUTPUT_BYTES, MAX_ANIMATION_SECONDS, MAX_GIF_BYTES } from './limits.ts'
import { formatOfSource, type Probed, probe } from './probe.ts'
import { asFile, inDirectory } from './source.ts'

const MIME_TYPES: Readonly<Partial<Record<MediaFormat, string>>> = {
  mp4: 'video/mp4',
  matroska: 'video/webm',
  gif: 'image/gif',
}
/** A frame at the very beginning is often black. */
const LATEST_FRAME_SECONDS = 1
export const FRAME_FILTER = "scale='min(1280,iw)':'min(1280,ih)':force_original_aspect_ratio=decrease"
/** H.264 in 4:2:0 has sides that are even. */
const ANIMATION_FILTER = 'fps=fps=30,scale=trunc(min(1280\\,iw)/2)*2:-2:flags=bilinear,format=yuv420p'

/** What works at a video: the programs and, for its frames, what works at pictures. */
export interface VideoTools {
  readonly programs: Programs
  readonly signal: AbortSignal
  readonly image: Derivatives['image']
}

/** Attributes and a thumb of a video; undefined where it cannot be read. */
export function deriveVideo(tools: VideoTools, source: MediaSource): Promise<DerivedVideo | undefined> {
  return asFile(source, (path) => describedVideo(tools, path))
}

async function describedVideo(tools: VideoTools, path: string): Promise<DerivedVideo | undefined> {
  const probed = await probe(tools.programs, path, tools.signal)
  if (probed?.video === undefined) return
  const thumb = await thumbOf(tools, probed)
  if (thumb === undefined) return
  const { width, height } = probed.video
  return {
    width,
    height,
    durationSeconds: probed.durationSeconds,
    supportsStreaming: probed.format === 'mp4' && (await isFaststart(path)),
    hasAudio: probed.audioCodec !== undefined,
    mime: MIME_TYPES[probed.format] ?? 'application/octet-stream',
    thumb,
  }
}

async function thumbOf(
  { programs, signal, image }: VideoTools,
  { path, demuxer, durationSeconds }: Probed,
): Promise<DerivedThumb | undefined> {
  const at = Math.min(LATEST_FRAME_SECONDS, durationSeconds / 2).toFixed(3)
  const args = [
    '-ss',
    at,
    '-an',
    '-frames:v',
    '1',
    '-vf',
    FRAME_FILTER,
    '-c:v',
    'png',
    '-f',
    'image2pipe',
    '-',
  ]
  const frame = await ffmpegOutput(programs, { path, demuxer }, args, FRAME_MAX_OUTPUT_BYTES, signal)
  if (frame === undefined || frame.length === 0) return
  // Very narrow videos have no thumb, and are sent all the same.
  return image(frame, 'thumb').catch(() => undefined)
}

/** A GIF as a silent MP4; undefined where it is none, is damaged or would become too large. */
export async function deriveAnimation(
  tools: VideoTools,
  source: MediaSource,
): Promise<DerivedAnimation | undefined> {
  if ((await formatOfSource(source)) !== 'gif') return
  if (typeof source !== 'string' && source.length > MAX_GIF_BYTES) return
  return asFile(source, (path) =>
    inDirectory(async (directory) => {
      const mp4 = join(directory, 'animation.mp4')
      const args = [
        ...['-an', '-t', String(MAX_ANIMATION_SECONDS), '-vf', ANIMATION_FILTER, '-c:v', 'libx264'],
        ...['-preset', 'veryfast', '-crf', '24', '-movflags', '+faststart', '-f', 'mp4', `file:${mp4}`],
      ]
      const done = await ffmpegOutput(
        tools.programs,
        { path, demuxer: 'gif' },
        args,
        FRAME_MAX_OUTPUT_BYTES,
        tools.signal,
      )
      const video = done && (await describedVideo(tools, mp4))
      return video && { ...video, bytes: await readFile(mp4) }
    }),
  )
}
