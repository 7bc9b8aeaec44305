import type { Readable } from 'node:stream'
import { BlobTooLarge } from './blobs.ts'

/** The chunks of a blob as they come; rejects with `BlobTooLarge` at the chunk that exceeds `maxBytes`. */
export async function* limited(content: Readable | Buffer, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0
  for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as Uint8Array)
    size += bytes.length
    if (size > maxBytes) throw new BlobTooLarge(`a blob may have ${maxBytes} bytes`)
    yield bytes
  }
}
