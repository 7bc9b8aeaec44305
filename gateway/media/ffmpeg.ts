import type { MediaFormat } from './format.ts'
import {
  FFMPEG_MAX_ALLOC_BYTES,
  FFMPEG_TIMEOUT_MS,
  MAX_VIDEO_PIXELS,
  PROBE_MAX_OUTPUT_BYTES,
  PROBE_TIMEOUT_MS,
} from './limits.ts'
import { outputOf } from './program.ts'

export interface Programs {
  readonly ffmpeg: string
  readonly ffprobe: string
}

/** The demuxer of each format, named so that a file cannot ask for another one: playlists would open further files. */
const DEMUXERS: Readonly<Partial<Record<MediaFormat, string>>> = {
  mp4: 'mov',
  matroska: 'matroska',
  ogg: 'ogg',
  mp3: 'mp3',
  gif: 'gif',
  flac: 'flac',
}

const DECODERS =
  'h264,hevc,mpeg4,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,gif,aac,mp3,mp3float,opus,libopus,vorbis,flac,alac,pcm_s16le,mjpeg,png'

export const demuxerOf = (format: MediaFormat | undefined): string | undefined => format && DEMUXERS[format]

/** How a file is given to either program: with no protocol but files and no format but the one that it has. */
function input(path: string, demuxer: string): string[] {
  return [
    ...['-v', 'error', '-max_alloc', String(FFMPEG_MAX_ALLOC_BYTES)],
    ...['-protocol_whitelist', 'file,pipe', '-codec_whitelist', DECODERS],
    ...['-max_pixels', String(MAX_VIDEO_PIXELS), '-threads', '1'],
    ...['-f', demuxer, '-i', `file:${path}`],
  ]
}

/** JSON that ffprobe writes about `entries`. */
export function probeOutput(
  programs: Programs,
  path: string,
  demuxer: string,
  entries: string,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const args = [...input(path, demuxer), '-of', 'json', '-show_entries', entries]
  const limits = { timeoutMs: PROBE_TIMEOUT_MS, maxOutputBytes: PROBE_MAX_OUTPUT_BYTES, signal }
  return outputOf(programs.ffprobe, args, limits)
}

/** What ffmpeg writes to its standard output, given `args` behind the input. */
export function ffmpegOutput(
  programs: Programs,
  file: { readonly path: string; readonly demuxer: string },
  args: readonly string[],
  maxOutputBytes: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const all = ['-nostdin', '-y', ...input(file.path, file.demuxer), '-threads', '1', ...args]
  return outputOf(programs.ffmpeg, all, { timeoutMs: FFMPEG_TIMEOUT_MS, maxOutputBytes, signal })
}

/** Whether both programs can be started. */
export async function areInstalled({ ffmpeg, ffprobe }: Programs, signal: AbortSignal): Promise<boolean> {
  const limits = { timeoutMs: PROBE_TIMEOUT_MS, maxOutputBytes: PROBE_MAX_OUTPUT_BYTES, signal }
  const versions = await Promise.all([
    outputOf(ffmpeg, ['-version'], limits),
    outputOf(ffprobe, ['-version'], limits),
  ])
  return versions.every((version) => version !== undefined)
}
