import { deriveAudio } from './audio.ts'
import { deriveCover } from './cover.ts'
import type { Derivatives } from './derivatives.ts'
import { areInstalled, type Programs } from './ffmpeg.ts'
import { formatOf } from './format.ts'
import { FFMPEG_CONCURRENCY, FFMPEG_QUEUE } from './limits.ts'
import { PicturePool } from './picture-pool.ts'
import { PictureProcess } from './picture-process.ts'
import { deriveProfileVideo } from './profile-video.ts'
import { videoSticker } from './sticker-video.ts'
import { deriveAnimation, deriveVideo, type VideoTools } from './video.ts'
import { WorkQueue } from './work-queue.ts'

export const SYSTEM_PROGRAMS: Programs = { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' }

export interface DerivativesOptions {
  /** Undefined does without, also where they are installed. */
  readonly programs: Programs | undefined
  /** Told in one line: once where they cannot be started, and whenever a picture has ended its process. */
  readonly notice: (line: string) => void
}

const MISSING =
  'ffmpeg and ffprobe are not installed: videos, voice notes and GIFs are sent as clients describe them, without thumbs or waveforms of our own'

/** Looks for the programs and makes the work of one process. */
export async function createDerivatives({ programs, notice }: DerivativesOptions): Promise<Derivatives> {
  const ending = new AbortController()
  const installed = programs && (await areInstalled(programs, ending.signal)) ? programs : undefined
  if (installed === undefined) notice(MISSING)
  return new QueuedDerivatives(installed, ending, notice)
}

class QueuedDerivatives implements Derivatives {
  readonly #programs: Programs | undefined
  readonly #ending: AbortController
  readonly #pictures: PicturePool
  readonly #ffmpeg = new WorkQueue(FFMPEG_CONCURRENCY, FFMPEG_QUEUE)

  constructor(programs: Programs | undefined, ending: AbortController, notice: (line: string) => void) {
    const lost = (why: string) => notice(`a picture has cost its process: ${why}`)
    this.#pictures = new PicturePool(() => new PictureProcess(lost))
    this.#programs = programs
    this.#ending = ending
  }

  get depth(): number {
    return this.#pictures.depth + this.#ffmpeg.depth
  }

  image: Derivatives['image'] = (source, purpose) => this.#pictures.image(source, purpose)

  sticker: Derivatives['sticker'] = (source, purpose) => {
    if (formatOf(source) !== 'matroska') return this.#pictures.sticker(source, purpose)
    return this.#ffmpeg.run(() => videoSticker(this.#programs, source, purpose, this.#ending.signal))
  }

  video: Derivatives['video'] = (source) =>
    this.#withFfmpeg((programs) => deriveVideo(this.#tools(programs), source))

  audio: Derivatives['audio'] = (source) =>
    this.#withFfmpeg((programs) => deriveAudio(programs, source, this.#ending.signal))

  animation: Derivatives['animation'] = (source) =>
    this.#withFfmpeg((programs) => deriveAnimation(this.#tools(programs), source))

  cover: Derivatives['cover'] = (source) =>
    this.#withFfmpeg((programs) => deriveCover(this.#tools(programs), source))

  profileVideo: Derivatives['profileVideo'] = (source, startSeconds) =>
    this.#withFfmpeg((programs) => deriveProfileVideo(this.#tools(programs), source, startSeconds))

  backed: Derivatives['backed'] = (sticker, colors) => this.#pictures.backed(sticker, colors)

  #tools(programs: Programs): VideoTools {
    return { programs, signal: this.#ending.signal, image: this.image }
  }

  async #withFfmpeg<T>(work: (programs: Programs) => Promise<T>): Promise<T | undefined> {
    const programs = this.#programs
    return programs && this.#ffmpeg.run(() => work(programs))
  }

  close(): void {
    this.#ending.abort()
    this.#pictures.close()
  }
}
