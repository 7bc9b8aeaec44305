import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Blobs } from './blobs.ts'

/**
 * How contents lie in blobs: in chunks of 128 KiB, each sealed with AES-256-GCM under the content's key and followed by its
 * tag, so that any range can be read and checked by itself. The nonce is the chunk's number: a key seals one content only,
 * of which it is made, so no nonce is ever used for two plaintexts.
 */
export const CONTENT_CHUNK_BYTES = 128 * 1024
const TAG_BYTES = 16
const NONCE_BYTES = 12
const SEALED_CHUNK_BYTES = CONTENT_CHUNK_BYTES + TAG_BYTES

/** Bytes that a content of `sizeBytes` takes in its blob. */
export const sealedSize = (sizeBytes: number): number =>
  sizeBytes + Math.ceil(sizeBytes / CONTENT_CHUNK_BYTES) * TAG_BYTES

function nonceOf(chunk: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeUIntBE(chunk, NONCE_BYTES - 6, 6)
  return nonce
}

/** Seals a content that comes in pieces of any size. */
export async function* sealChunks(content: AsyncIterable<Buffer>, key: Buffer): AsyncGenerator<Buffer> {
  let chunk = 0
  let held: Buffer[] = []
  let heldBytes = 0
  for await (const piece of content) {
    let at = 0
    while (at < piece.length) {
      const part = piece.subarray(at, at + CONTENT_CHUNK_BYTES - heldBytes)
      at += part.length
      heldBytes += part.length
      held.push(part)
      if (heldBytes < CONTENT_CHUNK_BYTES) continue
      yield sealChunk(key, chunk++, held)
      held = []
      heldBytes = 0
    }
  }
  if (heldBytes > 0) yield sealChunk(key, chunk, held)
}

function sealChunk(key: Buffer, chunk: number, parts: readonly Buffer[]): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(chunk))
  const sealed = parts.map((part) => cipher.update(part))
  cipher.final()
  return Buffer.concat([...sealed, cipher.getAuthTag()])
}

/** The blob does not hold what was put there. */
export class DamagedBlob extends Error {}

/** A content as it lies in a store of blobs. */
export interface SealedBlob {
  readonly blobKey: string
  /** 32 bytes. */
  readonly key: Buffer
  readonly sizeBytes: number
}

/**
 * Bytes `start` to `end` (exclusive) of a content, as many of them as there are; undefined where the blob is gone.
 * @throws DamagedBlob
 */
export async function readContent(
  blobs: Blobs,
  { blobKey, key, sizeBytes }: SealedBlob,
  start: number,
  end: number,
): Promise<Buffer | undefined> {
  const to = Math.min(end, sizeBytes)
  const first = Math.floor(start / CONTENT_CHUNK_BYTES)
  const last = Math.ceil(to / CONTENT_CHUNK_BYTES)
  if (start >= to) return (await blobs.size(blobKey)) === undefined ? undefined : Buffer.alloc(0)
  const sealed = await blobs.read(blobKey, first * SEALED_CHUNK_BYTES, last * SEALED_CHUNK_BYTES)
  if (sealed === undefined) return undefined
  const wanted = sealedSize(Math.min(last * CONTENT_CHUNK_BYTES, sizeBytes)) - first * SEALED_CHUNK_BYTES
  if (sealed.length !== wanted) throw new DamagedBlob(`${blobKey}: ${sealed.length} of ${wanted} bytes`)
  const content = Buffer.allocUnsafe(wanted - (last - first) * TAG_BYTES)
  for (let chunk = first; chunk < last; chunk++) {
    const at = (chunk - first) * SEALED_CHUNK_BYTES
    const part = sealed.subarray(at, at + SEALED_CHUNK_BYTES)
    openChunk(key, chunk, part, content, (chunk - first) * CONTENT_CHUNK_BYTES, blobKey)
  }
  const from = start - first * CONTENT_CHUNK_BYTES
  return content.subarray(from, from + to - start)
}

/** Where chunk `chunk` of a content lies in its blob. */
export function sealedChunkRange(sizeBytes: number, chunk: number): { start: number; end: number } {
  const start = chunk * SEALED_CHUNK_BYTES
  return { start, end: Math.min(start + SEALED_CHUNK_BYTES, sealedSize(sizeBytes)) }
}

/** Whether these are the bytes that were sealed as that chunk. */
export function isSealedChunk({ key, blobKey }: SealedBlob, chunk: number, sealed: Buffer): boolean {
  if (sealed.length < TAG_BYTES) return false
  try {
    openChunk(key, chunk, sealed, Buffer.allocUnsafe(sealed.length), 0, blobKey)
    return true
  } catch (error) {
    if (error instanceof DamagedBlob) return false
    throw error
  }
}

function openChunk(key: Buffer, chunk: number, sealed: Buffer, into: Buffer, at: number, blobKey: string) {
  const tagAt = sealed.length - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(chunk), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(tagAt))
  decipher.update(sealed.subarray(0, tagAt)).copy(into, at)
  try {
    decipher.final()
  } catch {
    throw new DamagedBlob(`${blobKey}: chunk ${chunk} is damaged`)
  }
}
