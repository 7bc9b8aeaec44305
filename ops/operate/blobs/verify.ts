import { createHash } from 'node:crypto'
import { contentBlob, contentKeyOf, contentName, MEDIA_SCOPE, openDescription } from '@heliograph/gateway/rpc'
import type { FileDescription } from '@heliograph/schemas/avro'
import {
  CONTENT_CHUNK_BYTES,
  DamagedBlob,
  documents,
  readContent,
  type SealedBlob,
} from '@heliograph/storage'
import type { Opened } from '../open.ts'

/** Bytes read at once. */
const STEP_BYTES = 8 * CONTENT_CHUNK_BYTES

export interface Verified {
  readonly contents: number
  readonly bytes: number
  readonly bad: readonly BadContent[]
}
/** What a document says of a content that it is made of. */
export type DescribedContent = FileDescription['contents'][number]
export interface BadContent {
  readonly document: string
  readonly content: string
  readonly why: 'unreadable description' | 'no blob' | 'damaged' | 'damaged replica' | 'other bytes'
}

export type Why = BadContent['why'] | undefined

/**
 * Reads every content of every document, and compares its bytes with the hash that it is known by.
 * @param look says what is wrong with a content; undefined where nothing is
 */
export async function verifyBlobs(
  stores: Opened,
  progress: (bytes: number) => void,
  look: (stores: Opened, described: DescribedContent, content: string) => Promise<Why> = faultOf,
): Promise<Verified> {
  const key = await stores.keyring.find(MEDIA_SCOPE)
  const seen = new Set<string>()
  const bad: BadContent[] = []
  let bytes = 0
  for await (const { documentId, sealed } of stores.tables.scan(documents)) {
    const document = String(documentId)
    const description = key && sealed ? openDescription(stores, documentId!, key, sealed) : undefined
    if (description === undefined) bad.push({ document, content: '', why: 'unreadable description' })
    for (const described of description?.contents ?? []) {
      const content = `${contentName(stores.keyring, described.sha256)}.${described.generation}`
      if (seen.has(content)) continue
      seen.add(content)
      const why = await look(stores, described, content)
      if (why !== undefined) bad.push({ document, content, why })
      bytes += described.sizeBytes
      progress(bytes)
    }
  }
  return { contents: seen.size, bytes, bad }
}

/** Where a content lies and how it is opened. */
export function sealedBlobOf(
  { keyring }: Pick<Opened, 'keyring'>,
  { sha256, generation, sizeBytes }: DescribedContent,
): SealedBlob {
  const blobKey = contentBlob({ name: contentName(keyring, sha256), generation })
  return { blobKey, key: contentKeyOf(keyring, sha256), sizeBytes }
}

/** What is wrong with a content as the store gives it; undefined where nothing is. */
export async function faultOf(stores: Opened, described: DescribedContent): Promise<Why> {
  const { sha256, sizeBytes } = described
  const blob = sealedBlobOf(stores, described)
  const hash = createHash('sha256')
  try {
    for (let at = 0; at < sizeBytes; at += STEP_BYTES) {
      const part = await readContent(stores.blobs, blob, at, at + STEP_BYTES)
      if (part === undefined) return 'no blob'
      hash.update(part)
    }
  } catch (error) {
    if (error instanceof DamagedBlob) return 'damaged'
    throw error
  }
  return hash.digest().equals(sha256) ? undefined : 'other bytes'
}
