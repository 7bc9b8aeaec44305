import { createHash } from 'node:crypto'
import { contentBlob, contentKeyOf, contentName, MEDIA_SCOPE, openDescription } from '@heliograph/gateway/rpc'
import { CONTENT_CHUNK_BYTES, DamagedBlob, documents, readContent } from '@heliograph/storage'
import type { Opened } from '../open.ts'

/** Bytes read at once. */
const STEP_BYTES = 8 * CONTENT_CHUNK_BYTES

export interface Verified {
  readonly contents: number
  readonly bytes: number
  readonly bad: readonly BadContent[]
}
export interface BadContent {
  readonly document: string
  readonly content: string
  readonly why: 'unreadable description' | 'no blob' | 'damaged' | 'other bytes'
}

/** Reads every content of every document, and compares its bytes with the hash that it is known by. */
export async function verifyBlobs(stores: Opened, progress: (bytes: number) => void): Promise<Verified> {
  const key = await stores.keyring.find(MEDIA_SCOPE)
  const seen = new Set<string>()
  const bad: BadContent[] = []
  let bytes = 0
  for await (const { documentId, sealed } of stores.tables.scan(documents)) {
    const document = String(documentId)
    const description = key && sealed ? openDescription(stores, documentId!, key, sealed) : undefined
    if (description === undefined) bad.push({ document, content: '', why: 'unreadable description' })
    for (const { sha256, generation, sizeBytes } of description?.contents ?? []) {
      const content = `${contentName(stores.keyring, sha256)}.${generation}`
      if (seen.has(content)) continue
      seen.add(content)
      const why = await fault(stores, sha256, generation, sizeBytes)
      if (why !== undefined) bad.push({ document, content, why })
      bytes += sizeBytes
      progress(bytes)
    }
  }
  return { contents: seen.size, bytes, bad }
}

async function fault(
  { blobs, keyring }: Opened,
  sha256: Buffer,
  generation: number,
  sizeBytes: number,
): Promise<BadContent['why'] | undefined> {
  const blobKey = contentBlob({ name: contentName(keyring, sha256), generation })
  const blob = { blobKey, key: contentKeyOf(keyring, sha256), sizeBytes }
  const hash = createHash('sha256')
  try {
    for (let at = 0; at < sizeBytes; at += STEP_BYTES) {
      const part = await readContent(blobs, blob, at, at + STEP_BYTES)
      if (part === undefined) return 'no blob'
      hash.update(part)
    }
  } catch (error) {
    if (error instanceof DamagedBlob) return 'damaged'
    throw error
  }
  return hash.digest().equals(sha256) ? undefined : 'other bytes'
}
