import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DerivedImage, DerivedProfileVideo, MediaSource } from './derivatives.ts'
import { ffmpegOutput } from './ffmpeg.ts'
import { FRAME_MAX_OUTPUT_BYTES, MAX_PROFILE_VIDEO_SECONDS, PROFILE_VIDEO_PX } from './limits.ts'
import { type Probed, probe, type VideoStream } from './probe.ts'
import { asFile, inDirectory } from './source.ts'
import type { VideoTools } from './video.ts'

const SIDE = `min(${PROFILE_VIDEO_PX}\\,trunc(min(iw\\,ih)/2)*2)`
/** Its middle, as a square of even sides. */
const SQUARE = `crop=min(iw\\,ih):min(iw\\,ih),scale=${SIDE}:${SIDE}:flags=bilinear`
const MIN_SIDE_PX = 2

/**
 * A video as it moves on a profile: a silent square MP4 of at most `MAX_PROFILE_VIDEO_SECONDS`, without what cameras write
 * beside it, and the picture at `startSeconds` that stands for it. Undefined where it cannot be read or is too long.
 */
export function deriveProfileVideo(
  tools: VideoTools,
  source: MediaSource,
  startSeconds: number,
): Promise<DerivedProfileVideo | undefined> {
  return asFile(source, async (path) => {
    const probed = await probe(tools.programs, path, tools.signal)
    if (!fits(probed)) return
    const start = Math.max(0, Math.min(startSeconds, probed.durationSeconds - 0.1))
    return inDirectory((directory) => made(tools, probed, start, join(directory, 'profile.mp4')))
  })
}

type Framed = Probed & { readonly video: VideoStream }

function fits(probed: Probed | undefined): probed is Framed {
  if (probed?.video === undefined || probed.durationSeconds > MAX_PROFILE_VIDEO_SECONDS) return false
  return Math.min(probed.video.width, probed.video.height) >= MIN_SIDE_PX
}

async function made(
  tools: VideoTools,
  { path, demuxer, video }: Framed,
  startSeconds: number,
  mp4: string,
): Promise<DerivedProfileVideo | undefined> {
  const args = [
    ...['-an', '-sn', '-dn', '-map_metadata', '-1', '-vf', `${SQUARE},format=yuv420p`, '-c:v', 'libx264'],
    ...['-preset', 'veryfast', '-crf', '26', '-movflags', '+faststart', '-f', 'mp4', `file:${mp4}`],
  ]
  const { programs, signal } = tools
  const done = await ffmpegOutput(programs, { path, demuxer }, args, FRAME_MAX_OUTPUT_BYTES, signal)
  const still = done && (await pictureAt(tools, mp4, startSeconds))
  if (still === undefined) return
  const side = Math.min(PROFILE_VIDEO_PX, Math.floor(Math.min(video.width, video.height) / 2) * 2)
  return { width: side, height: side, startSeconds, still, bytes: await readFile(mp4) }
}

async function pictureAt(
  { programs, signal, image }: VideoTools,
  path: string,
  startSeconds: number,
): Promise<DerivedImage | undefined> {
  const args = ['-ss', startSeconds.toFixed(3), '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe', '-']
  const frame = await ffmpegOutput(programs, { path, demuxer: 'mov' }, args, FRAME_MAX_OUTPUT_BYTES, signal)
  return frame === undefined || frame.length === 0 ? undefined : image(frame, 'profile')
}
