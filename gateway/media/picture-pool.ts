import type {
  DerivedImage,
  DerivedSticker,
  ImagePurpose,
  MediaSource,
  StickerPurpose,
} from './derivatives.ts'
import { IMAGE_CONCURRENCY, IMAGE_QUEUE, ORDERS_PER_PICTURE_PROCESS, PICTURE_IDLE_MS } from './limits.ts'
import type { PictureProcess } from './picture-process.ts'
import type { PictureOrder } from './picture-work.ts'
import { WorkQueue } from './work-queue.ts'

/**
 * The processes in which pictures are decoded: none until there is work, at most `IMAGE_CONCURRENCY`, each gone after a while
 * without work or so many orders.
 */
export class PicturePool {
  readonly #queue = new WorkQueue(IMAGE_CONCURRENCY, IMAGE_QUEUE)
  readonly #start: () => PictureProcess
  readonly #idle = new Map<PictureProcess, NodeJS.Timeout>()
  readonly #busy = new Set<PictureProcess>()
  #isClosed = false

  constructor(start: () => PictureProcess) {
    this.#start = start
  }

  /** Orders that are worked at or wait. */
  get depth(): number {
    return this.#queue.depth
  }

  image(source: MediaSource, purpose: ImagePurpose): Promise<DerivedImage> {
    return this.#run({ make: 'image', source, purpose }) as Promise<DerivedImage>
  }

  sticker(source: Buffer, purpose: StickerPurpose): Promise<DerivedSticker> {
    return this.#run({ make: 'sticker', source, purpose }) as Promise<DerivedSticker>
  }

  backed(source: Buffer, colors: readonly number[]): Promise<DerivedImage> {
    return this.#run({ make: 'backed', source, colors }) as Promise<DerivedImage>
  }

  /** Ends all processes; what is under way fails. */
  close(): void {
    this.#isClosed = true
    for (const process of [...this.#busy, ...this.#idle.keys()]) this.#end(process)
  }

  #run(order: PictureOrder): Promise<DerivedImage | DerivedSticker> {
    return this.#queue.run(async () => {
      if (this.#isClosed) throw new Error('pictures are worked at no more')
      const process = this.#take()
      try {
        return await process.run(order)
      } finally {
        this.#giveBack(process)
      }
    })
  }

  #take(): PictureProcess {
    for (const [process, ending] of this.#idle) {
      clearTimeout(ending)
      this.#idle.delete(process)
      if (!process.isAlive) continue
      this.#busy.add(process)
      return process
    }
    const process = this.#start()
    this.#busy.add(process)
    return process
  }

  #giveBack(process: PictureProcess): void {
    this.#busy.delete(process)
    if (this.#isClosed || !process.isAlive || process.orders >= ORDERS_PER_PICTURE_PROCESS)
      return this.#end(process)
    const ending = setTimeout(() => this.#end(process), PICTURE_IDLE_MS)
    ending.unref()
    this.#idle.set(process, ending)
  }

  #end(process: PictureProcess): void {
    clearTimeout(this.#idle.get(process))
    this.#idle.delete(process)
    process.end()
  }
}
