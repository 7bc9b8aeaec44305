import { contents, documents, mediaExpiries, PARTS_AREA, sealedSize } from '@heliograph/storage'
import type { Opened } from '../open.ts'

/** What the tables say is kept, and what uploads have under way. */
export interface BlobUsage {
  readonly documents: number
  readonly contents: number
  /** Bytes of contents as they lie in the store. */
  readonly storedBytes: number
  /** Bytes that it would be if each document had its own. */
  readonly referredBytes: number
  /** Contents that no document has; they go when their grace period ends. */
  readonly free: number
  readonly freeBytes: number
  /** Blobs of contents that were given up, still to be erased. */
  readonly toErase: number
  /** Parts of files that are being uploaded, or were abandoned. */
  readonly parts: number
  readonly partBytes: number
}

export async function blobUsage({ tables, blobs }: Pick<Opened, 'tables' | 'blobs'>): Promise<BlobUsage> {
  const usage = { documents: 0, toErase: 0, parts: 0, partBytes: 0, ...(await contentUsage(tables)) }
  for await (const _ of tables.scan(documents)) usage.documents++
  for await (const { key } of tables.scan(mediaExpiries)) if (key?.startsWith('blob:')) usage.toErase++
  for await (const { sizeBytes } of blobs.list(PARTS_AREA)) {
    usage.parts++
    usage.partBytes += sizeBytes
  }
  return usage
}

async function contentUsage(tables: Opened['tables']) {
  const usage = { contents: 0, storedBytes: 0, referredBytes: 0, free: 0, freeBytes: 0 }
  for await (const { sizeBytes, holders, stored } of tables.scan(contents)) {
    const size = sealedSize(sizeBytes ?? 0)
    usage.contents++
    if (stored === true) usage.storedBytes += size
    usage.referredBytes += size * (holders ?? 0)
    if ((holders ?? 0) > 0) continue
    usage.free++
    usage.freeBytes += size
  }
  return usage
}

/** How many times over the stored bytes are used; 1 where nothing is shared. */
export const sharing = ({ storedBytes, freeBytes, referredBytes }: BlobUsage): number =>
  storedBytes > freeBytes ? referredBytes / (storedBytes - freeBytes) : 1
