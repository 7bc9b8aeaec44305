import { contentBlob } from '@heliograph/gateway/rpc'
import { type BlobEntry, blobFileName, CONTENT_AREA, contents, mediaExpiries } from '@heliograph/storage'
import type { Opened } from '../open.ts'

/** Younger ones may be of an upload whose row is on its way. */
export const MIN_ORPHAN_AGE_MS = 2 * 24 * 3600 * 1000

export interface OrphanReport {
  /** Blobs that no content has, old enough for it to be certain. */
  readonly orphans: readonly BlobEntry[]
  /** Contents that are said to be stored and have no blob. */
  readonly missing: readonly string[]
}

/** Compares the store of blobs with the tables, which the log can prove (`heliograph replay`). */
export async function findOrphans({ tables, blobs, nowMs }: Opened): Promise<OrphanReport> {
  const listed = new Map<string, BlobEntry>()
  // Listed first: what is made after that is in neither list.
  for await (const entry of blobs.list(CONTENT_AREA)) listed.set(entry.name, entry)
  const missing: string[] = []
  for await (const { name, generation, stored } of tables.scan(contents)) {
    const blob = contentBlob({ name: name!, generation: generation! })
    if (listed.delete(blobFileName(blob)) || stored !== true) continue
    if ((await blobs.size(blob)) === undefined) missing.push(`${name}.${generation}`)
  }
  for await (const { key } of tables.scan(mediaExpiries))
    if (key?.startsWith('blob:')) listed.delete(blobFileName(`${CONTENT_AREA}/${key.slice('blob:'.length)}`))
  const orphans = [...listed.values()].filter(({ modifiedMs }) => nowMs() - modifiedMs >= MIN_ORPHAN_AGE_MS)
  return { orphans, missing }
}

export async function removeOrphans({ blobs }: Opened, orphans: readonly BlobEntry[]): Promise<void> {
  for (const { name } of orphans) await blobs.deleteListed(CONTENT_AREA, name)
}
