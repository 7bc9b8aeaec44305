import sharp from 'sharp'
import { deriveAudio } from './audio.ts'
import type { Derivatives } from './derivatives.ts'
import { areInstalled, type Programs } from './ffmpeg.ts'
import { deriveImage } from './image.ts'
import { FFMPEG_CONCURRENCY, FFMPEG_QUEUE, IMAGE_CONCURRENCY, IMAGE_QUEUE } from './limits.ts'
import { deriveSticker } from './sticker.ts'
import { deriveAnimation, deriveVideo } from './video.ts'
import { WorkQueue } from './work-queue.ts'

export const SYSTEM_PROGRAMS: Programs = { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' }

export interface DerivativesOptions {
  /** Undefined does without, also where they are installed. */
  readonly programs: Programs | undefined
  /** Told once, in one line, where they cannot be started. */
  readonly notice: (line: string) => void
}

const MISSING =
  'ffmpeg and ffprobe are not installed: videos, voice notes and GIFs are sent as clients describe them, without thumbs or waveforms of our own'

/** Looks for the programs and makes the work of one process. */
export async function createDerivatives({ programs, notice }: DerivativesOptions): Promise<Derivatives> {
  // Pictures are worked at beside each other already; what was decoded once is hardly asked for again.
  sharp.concurrency(1)
  sharp.cache(false)
  const ending = new AbortController()
  const installed = programs && (await areInstalled(programs, ending.signal)) ? programs : undefined
  if (installed === undefined) notice(MISSING)
  return new QueuedDerivatives(installed, ending)
}

class QueuedDerivatives implements Derivatives {
  readonly #programs: Programs | undefined
  readonly #ending: AbortController
  readonly #images = new WorkQueue(IMAGE_CONCURRENCY, IMAGE_QUEUE)
  readonly #ffmpeg = new WorkQueue(FFMPEG_CONCURRENCY, FFMPEG_QUEUE)

  constructor(programs: Programs | undefined, ending: AbortController) {
    this.#programs = programs
    this.#ending = ending
  }

  get depth(): number {
    return this.#images.depth + this.#ffmpeg.depth
  }

  image: Derivatives['image'] = (source, purpose) => this.#images.run(() => deriveImage(source, purpose))

  sticker: Derivatives['sticker'] = (source, purpose) =>
    this.#images.run(() => deriveSticker(this.#programs, source, purpose, this.#ending.signal))

  video: Derivatives['video'] = (source) =>
    this.#withFfmpeg((programs) => deriveVideo(programs, source, this.#ending.signal))

  audio: Derivatives['audio'] = (source) =>
    this.#withFfmpeg((programs) => deriveAudio(programs, source, this.#ending.signal))

  animation: Derivatives['animation'] = (source) =>
    this.#withFfmpeg((programs) => deriveAnimation(programs, source, this.#ending.signal))

  async #withFfmpeg<T>(work: (programs: Programs) => Promise<T>): Promise<T | undefined> {
    const programs = this.#programs
    return programs && this.#ffmpeg.run(() => work(programs))
  }

  close(): void {
    this.#ending.abort()
  }
}
