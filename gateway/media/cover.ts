import type { DerivedThumb, MediaSource } from './derivatives.ts'
import { ffmpegOutput } from './ffmpeg.ts'
import { FRAME_MAX_OUTPUT_BYTES } from './limits.ts'
import { probe } from './probe.ts'
import { asFile } from './source.ts'
import { FRAME_FILTER, type VideoTools } from './video.ts'

/** The picture that lies in a piece of music; undefined where there is none, or it cannot be read. */
export function deriveCover(
  { programs, signal, image }: VideoTools,
  source: MediaSource,
): Promise<DerivedThumb | undefined> {
  return asFile(source, async (path) => {
    const probed = await probe(programs, path, signal)
    if (probed?.audioCodec === undefined || !probed.hasCover) return
    const still = ['-an', '-map', '0:v', '-frames:v', '1', '-vf', FRAME_FILTER]
    const args = [...still, '-c:v', 'png', '-f', 'image2pipe', '-']
    const picture = await ffmpegOutput(programs, probed, args, FRAME_MAX_OUTPUT_BYTES, signal)
    if (picture === undefined || picture.length === 0) return
    return image(picture, 'thumb').catch(() => undefined)
  })
}
