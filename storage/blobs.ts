import type { Readable } from 'node:stream'

/** Content by key. Keys are chosen by callers (a hash, usually); writing an existing key is a no-op. */
export interface Blobs {
  /** Stores a stream of at most `maxBytes`; rejects with `BlobTooLarge`. Resolves to the size once durable. */
  put(key: string, content: Readable | Buffer, maxBytes: number): Promise<number>
  /** Bytes `start` to `end` (exclusive); undefined when there is no such blob. */
  read(key: string, start: number, end: number): Promise<Buffer | undefined>
  stream(key: string, start?: number, end?: number): Promise<Readable | undefined>
  size(key: string): Promise<number | undefined>
  delete(key: string): Promise<void>
}
export class BlobTooLarge extends Error {}
