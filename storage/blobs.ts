import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'

export interface PutOptions {
  /** False for what may go with the machine's power: it is there as soon as it is put, but not yet forced to the disk. */
  readonly durable?: boolean
  /** True to put it in the place of what is there, at once: whoever reads has the one or the other. */
  readonly replace?: boolean
}

/** A blob as its store lists it. */
export interface BlobEntry {
  /** `blobFileName` of its key; something longer for what an unfinished `put` has left behind. */
  readonly name: string
  readonly sizeBytes: number
  /** When it was written, in milliseconds since 1970. */
  readonly modifiedMs: number
}

/**
 * Content by key. Keys are chosen by callers (a hash, usually); writing an existing key is a no-op, unless told otherwise. What stands before the
 * first slash of a key is its area, which can be listed: lower-case letters.
 */
export interface Blobs {
  /** Stores a stream of at most `maxBytes`; rejects with `BlobTooLarge`. Resolves to the size once durable. */
  put(key: string, content: Readable | Buffer, maxBytes: number, options?: PutOptions): Promise<number>
  /** Bytes `start` to `end` (exclusive); undefined when there is no such blob. */
  read(key: string, start: number, end: number): Promise<Buffer | undefined>
  stream(key: string, start?: number, end?: number): Promise<Readable | undefined>
  size(key: string): Promise<number | undefined>
  delete(key: string): Promise<void>
  /** All blobs of an area, in no particular order; what is written or deleted meanwhile may be there or not. */
  list(area: string): AsyncIterable<BlobEntry>
  /** Deletes what `list` has named. */
  deleteListed(area: string, name: string): Promise<void>
}
export class BlobTooLarge extends Error {}

/** Other places in which blobs lie: replicas of a store, or directories beside it. */
export interface BlobCopies {
  /** Whether these are the store's own, of which its readers get the one or the other. */
  readonly areReplicas: boolean
  /**
   * What each place has of bytes `start` to `end` (exclusive) of a blob, as far as it can be read there, at most
   * `MAX_BLOB_COPIES` in all. Nothing is known of whether they are right.
   */
  copies(key: string, start: number, end: number): AsyncIterable<Buffer>
}
export const MAX_BLOB_COPIES = 32

/** Blobs that are finished, and parts of uploads that are not. */
export const CONTENT_AREA = 'content'
export const PARTS_AREA = 'parts'

/** What stores call the blob of a key: its SHA-256 in hexadecimal. */
export const blobFileName = (key: string): string => createHash('sha256').update(key).digest('hex')

/** The area of a key; empty for none. */
export function areaOf(key: string): string {
  const slash = key.indexOf('/')
  const area = slash < 0 ? '' : key.slice(0, slash)
  return /^[a-z]+$/.test(area) ? area : ''
}
