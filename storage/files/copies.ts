import { type BlobCopies, MAX_BLOB_COPIES } from '../blobs.ts'
import { FileBlobs } from './blobs.ts'

/** Blobs that lie in directories as `FileBlobs` writes them: backups, or the data of other machines. */
export class DirectoryCopies implements BlobCopies {
  readonly areReplicas = false
  readonly #places: readonly FileBlobs[]

  constructor(directories: readonly string[]) {
    this.#places = directories.slice(0, MAX_BLOB_COPIES).map((directory) => new FileBlobs(directory))
  }

  async *copies(key: string, start: number, end: number): AsyncGenerator<Buffer> {
    for (const place of this.#places) {
      // A place that is damaged itself has no copy.
      const bytes = await place.read(key, start, end).catch(() => undefined)
      if (bytes !== undefined) yield bytes
    }
  }
}
