import { Readable } from 'node:stream'
import { areaOf, type BlobEntry, type Blobs, blobFileName, type PutOptions } from '../blobs.ts'
import { limited } from '../limited.ts'

/** Blobs in memory. */
export class MemoryBlobs implements Blobs {
  readonly #blobs = new Map<string, Buffer>()
  readonly #modifiedMs = new Map<string, number>()
  readonly #nowMs: () => number

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs
  }

  async put(
    key: string,
    content: Readable | Buffer,
    maxBytes: number,
    { replace = false }: PutOptions = {},
  ): Promise<number> {
    const chunks: Buffer[] = []
    for await (const chunk of limited(content, maxBytes)) chunks.push(chunk)
    if (replace || !this.#blobs.has(key)) {
      this.#blobs.set(key, Buffer.concat(chunks))
      this.#modifiedMs.set(key, this.#nowMs())
    }
    return this.#blobs.get(key)!.length
  }

  async read(key: string, start: number, end: number): Promise<Buffer | undefined> {
    const blob = this.#blobs.get(key)
    return blob && Buffer.from(blob.subarray(start, Math.max(start, end)))
  }

  async stream(key: string, start = 0, end = Number.MAX_SAFE_INTEGER): Promise<Readable | undefined> {
    const blob = this.#blobs.get(key)
    return blob && Readable.from([blob.subarray(start, end)], { objectMode: false })
  }

  async size(key: string): Promise<number | undefined> {
    return this.#blobs.get(key)?.length
  }

  async delete(key: string): Promise<void> {
    this.#blobs.delete(key)
    this.#modifiedMs.delete(key)
  }

  async *list(area: string): AsyncIterable<BlobEntry> {
    for (const [key, blob] of [...this.#blobs]) {
      if (areaOf(key) !== area) continue
      yield { name: blobFileName(key), sizeBytes: blob.length, modifiedMs: this.#modifiedMs.get(key) ?? 0 }
    }
  }

  async deleteListed(area: string, name: string): Promise<void> {
    for (const key of [...this.#blobs.keys()])
      if (areaOf(key) === area && blobFileName(key) === name) await this.delete(key)
  }
}
