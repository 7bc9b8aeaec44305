import { gif, mp4, picture, song, tgs, voice, webm } from '@heliograph/gateway/media/samples'

/** Whole files of every kind that is parsed, by their kind. */
export async function makeCorpus(): Promise<ReadonlyMap<string, Buffer>> {
  const corpus = new Map<string, Buffer>()
  for (const format of ['jpeg', 'png', 'webp', 'gif'] as const) {
    corpus.set(
      format,
      await picture({ width: 512, height: 384, format, channels: format === 'jpeg' ? 3 : 4 }),
    )
    corpus.set(`small-${format}`, await picture({ width: 100, height: 100, format }))
  }
  corpus.set('turned-jpeg', await picture({ width: 64, height: 32, orientation: 6 }))
  corpus.set('tgs', tgs())
  corpus.set('moving-gif', await gif('64x48', 1))
  corpus.set('mp4', await mp4('160x120', 1))
  corpus.set('webm', await webm('512x64', 1))
  corpus.set('voice', await voice(1))
  corpus.set('song', await song(await picture({ width: 64, height: 64 })))
  return corpus
}
