import { Contents } from '../files/content.ts'
import type { Stream } from '../traffic/stream.ts'
import type { Prepare } from './activity.ts'

/** Someone uploads a file and sends it to a partner, who downloads it and compares it with what was sent. */
export const media: Prepare<'media'> = ({ streams, random, files }, settings) => {
  const contents = new Contents(settings, random)
  return {
    kind: 'weighted',
    occur(intendedMs) {
      const stream = streams[Math.floor(random() * streams.length)] as Stream
      files.send(stream, contents, contents.draw(), intendedMs)
    },
  }
}
