import { Readable } from 'node:stream'
import {
  type BlobCopies,
  CONTENT_CHUNK_BYTES,
  isSealedChunk,
  type SealedBlob,
  sealedChunkRange,
  sealedSize,
} from '@heliograph/storage'
import type { Opened } from '../open.ts'
import {
  type BadContent,
  type DescribedContent,
  faultOf,
  sealedBlobOf,
  verifyBlobs,
  type Why,
} from './verify.ts'

export interface Repaired {
  /** Contents that were read, bad or not. */
  readonly contents: number
  readonly bytes: number
  readonly repaired: readonly RepairedContent[]
  /** Those of which no place has a right copy. */
  readonly beyond: readonly BadContent[]
}
export interface RepairedContent extends BadContent {
  /** Chunks that were taken from elsewhere; none where the store gave the right ones this time. */
  readonly chunks: number
}

/**
 * Reads every content, and makes those that are bad whole again: each chunk that is not what was sealed is looked for in the
 * copies. A content's key is made of its hash, so what opens with it is right. What is whole again takes the place of what was
 * there at once; where a chunk cannot be found, nothing is touched.
 */
export async function repairBlobs(
  stores: Opened,
  copies: readonly BlobCopies[],
  progress: (bytes: number) => void,
): Promise<Repaired> {
  const repaired = new Map<string, number>()
  const look = async (_: Opened, described: DescribedContent, content: string): Promise<Why> => {
    const why = (await faultOf(stores, described)) ?? (await replicaFault(stores, copies, described))
    const chunks = why && (await repairContent(stores, copies, described))
    if (chunks !== undefined) repaired.set(content, chunks)
    return why
  }
  const { contents, bytes, bad } = await verifyBlobs(stores, progress, look)
  return {
    contents,
    bytes,
    repaired: bad.flatMap((fault) => {
      const chunks = repaired.get(fault.content)
      return chunks === undefined ? [] : [{ ...fault, chunks }]
    }),
    beyond: bad.filter(({ content }) => !repaired.has(content)),
  }
}

/** A store gives one replica or another: each is looked at by itself. */
async function replicaFault(
  stores: Opened,
  copies: readonly BlobCopies[],
  described: DescribedContent,
): Promise<Why> {
  const blob = sealedBlobOf(stores, described)
  for (const place of copies.filter(({ areReplicas }) => areReplicas))
    for (let chunk = 0; chunk < chunkCount(blob); chunk += 1)
      if (!(await isRightEverywhere(place, blob, chunk))) return 'damaged replica'
  return undefined
}

async function isRightEverywhere(place: BlobCopies, blob: SealedBlob, chunk: number): Promise<boolean> {
  const { start, end } = sealedChunkRange(blob.sizeBytes, chunk)
  for await (const sealed of place.copies(blob.blobKey, start, end))
    if (!isSealedChunk(blob, chunk, sealed)) return false
  return true
}

const chunkCount = ({ sizeBytes }: SealedBlob): number => Math.ceil(sizeBytes / CONTENT_CHUNK_BYTES)

class NoCopy extends Error {}

/** How many chunks came from elsewhere; undefined where the content could not be repaired. */
async function repairContent(
  stores: Opened,
  copies: readonly BlobCopies[],
  described: DescribedContent,
): Promise<number | undefined> {
  const blob = sealedBlobOf(stores, described)
  let taken = 0
  const chunks = rightChunks(stores, copies, blob, () => taken++)
  try {
    const stream = Readable.from(chunks, { objectMode: true, highWaterMark: 2 })
    await stores.blobs.put(blob.blobKey, stream, sealedSize(blob.sizeBytes), { replace: true })
  } catch (error) {
    if (error instanceof NoCopy) return undefined
    throw error
  }
  return (await faultOf(stores, described)) === undefined ? taken : undefined
}

async function* rightChunks(
  { blobs }: Opened,
  copies: readonly BlobCopies[],
  blob: SealedBlob,
  taken: () => void,
): AsyncGenerator<Buffer> {
  for (let chunk = 0; chunk < chunkCount(blob); chunk += 1) {
    const { start, end } = sealedChunkRange(blob.sizeBytes, chunk)
    // A store that finds its own copy damaged may say so by failing.
    const own = await blobs.read(blob.blobKey, start, end).catch(() => undefined)
    if (own !== undefined && isSealedChunk(blob, chunk, own)) yield own
    else {
      yield await chunkElsewhere(copies, blob, chunk)
      taken()
    }
  }
}

async function chunkElsewhere(
  copies: readonly BlobCopies[],
  blob: SealedBlob,
  chunk: number,
): Promise<Buffer> {
  const { start, end } = sealedChunkRange(blob.sizeBytes, chunk)
  for (const place of copies)
    for await (const sealed of place.copies(blob.blobKey, start, end))
      if (isSealedChunk(blob, chunk, sealed)) return sealed
  throw new NoCopy()
}
