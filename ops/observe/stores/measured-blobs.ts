import type { Blobs, PutOptions } from '@heliograph/storage'
import type { Logger } from 'pino'
import type { Metrics } from '../metrics.ts'
import { Timed } from './timed.ts'

/** Blobs, measured; of a stream the time until it begins. */
export class MeasuredBlobs implements Blobs {
  readonly #blobs: Blobs
  readonly #timed

  constructor(blobs: Blobs, metrics: Metrics, log: Logger) {
    const timed = (operation: string) => new Timed(metrics, log, 'blobs', operation)
    this.#blobs = blobs
    this.#timed = { put: timed('put'), read: timed('read'), stream: timed('stream'), size: timed('size') }
  }

  put(key: string, content: Parameters<Blobs['put']>[1], maxBytes: number, options?: PutOptions) {
    return this.#timed.put.watch(this.#blobs.put(key, content, maxBytes, options))
  }
  read(key: string, start: number, end: number) {
    return this.#timed.read.watch(this.#blobs.read(key, start, end))
  }
  stream(key: string, start?: number, end?: number) {
    return this.#timed.stream.watch(this.#blobs.stream(key, start, end))
  }
  size(key: string) {
    return this.#timed.size.watch(this.#blobs.size(key))
  }
  delete(key: string) {
    return this.#blobs.delete(key)
  }
  list(area: string) {
    return this.#blobs.list(area)
  }
  deleteListed(area: string, name: string) {
    return this.#blobs.deleteListed(area, name)
  }
}
