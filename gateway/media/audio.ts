import type { DerivedAudio, MediaSource } from './derivatives.ts'
import { ffmpegOutput, type Programs } from './ffmpeg.ts'
import type { MediaFormat } from './format.ts'
import { FRAME_MAX_OUTPUT_BYTES, MAX_WAVEFORM_SECONDS } from './limits.ts'
import { probe } from './probe.ts'
import { asFile } from './source.ts'
import { waveformOf } from './waveform.ts'

const SAMPLE_RATE = '4000'
const MIME_TYPES: Readonly<Partial<Record<MediaFormat, string>>> = {
  mp4: 'audio/mp4',
  matroska: 'audio/webm',
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
  flac: 'audio/flac',
}

/** Attributes and waveform of a recording or a piece of music; undefined where it cannot be read or also shows something. */
export function deriveAudio(
  programs: Programs,
  source: MediaSource,
  signal: AbortSignal,
): Promise<DerivedAudio | undefined> {
  return asFile(source, async (path) => {
    const probed = await probe(programs, path, signal)
    if (probed?.audioCodec === undefined || probed.video !== undefined) return
    const args = [
      '-vn',
      '-t',
      String(MAX_WAVEFORM_SECONDS),
      '-ac',
      '1',
      '-ar',
      SAMPLE_RATE,
      '-f',
      's16le',
      '-',
    ]
    const pcm = await ffmpegOutput(programs, probed, args, FRAME_MAX_OUTPUT_BYTES, signal)
    if (pcm === undefined) return
    const { durationSeconds, title, performer } = probed
    const mime = MIME_TYPES[probed.format] ?? 'application/octet-stream'
    return { durationSeconds, mime, title, performer, waveform: waveformOf(pcm) }
  })
}
