import { createHash, type Hash } from 'node:crypto'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { MAX_PARTS, UPLOAD_SECONDS } from './limits.ts'
import { readPart, removeParts, type UploadId } from './parts.ts'
import { isPartSize } from './save-part.ts'

/** Bytes that can be read as often as wanted, with their hash. */
export interface FileSource {
  readonly sha256: Buffer
  readonly sizeBytes: number
  bytes(): AsyncIterable<Buffer>
}

/** A file whose parts are all there. */
export interface UploadedFile extends FileSource {
  /** As its client calls it. */
  readonly name: string
  /** Forgets the parts once this document was made of them; `finishedDocument` tells for a while. */
  done(documentId: bigint): Promise<void>
}

/** Bytes in memory as a file. */
export function fileOfBytes(bytes: Buffer): FileSource {
  const sha256 = createHash('sha256').update(bytes).digest()
  return {
    sha256,
    sizeBytes: bytes.length,
    async *bytes() {
      yield bytes
    },
  }
}

/** The whole of a file in memory; `error` (400) where it has more than `maxBytes`. */
export async function wholeFile(file: FileSource, maxBytes: number, error: string): Promise<Buffer> {
  if (file.sizeBytes > maxBytes) throw new RpcError(400, error)
  const parts: Buffer[] = []
  for await (const part of file.bytes()) parts.push(part)
  return Buffer.concat(parts)
}

/**
 * The file that an `InputFile` names, all of whose parts have been uploaded by the caller.
 * @throws RpcError 400 FILE_PARTS_INVALID, FILE_PART_X_MISSING, FILE_PART_LENGTH_INVALID, MD5_CHECKSUM_INVALID
 */
export async function uploadedFile(context: CallContext, input: TlType<'InputFile'>): Promise<UploadedFile> {
  if (input._ === 'inputFileStoryDocument') throw new RpcError(400, 'MEDIA_INVALID')
  const { id: fileId, parts, name } = input
  if (parts < 1 || parts > MAX_PARTS) throw new RpcError(400, 'FILE_PARTS_INVALID')
  const id = { user: context.user, fileId }
  const wanted = input._ === 'inputFile' ? input.md5Checksum.toLowerCase() : ''
  const { sha256, sizeBytes } = await examined(context, id, parts, wanted)
  const bytes = () => partsOf(context, id, parts)
  const done = (documentId: bigint) => finish(context, id, parts, documentId)
  return { name, sha256, sizeBytes, bytes, done }
}

interface Examined {
  readonly sha256: Buffer
  readonly sizeBytes: number
}

async function examined(context: CallContext, id: UploadId, parts: number, md5: string): Promise<Examined> {
  const sha256 = createHash('sha256')
  const hashes: Hash[] = md5 === '' ? [sha256] : [sha256, createHash('md5')]
  let [sizeBytes, first, count] = [0, 0, 0]
  for await (const part of partsOf(context, id, parts)) {
    if (count === 0) first = part.length
    checkLength(part.length, first, count === parts - 1)
    for (const hash of hashes) hash.update(part)
    sizeBytes += part.length
    count++
  }
  if (hashes[1] !== undefined && hashes[1].digest('hex') !== md5)
    throw new RpcError(400, 'MD5_CHECKSUM_INVALID')
  return { sha256: sha256.digest(), sizeBytes }
}

function checkLength(sizeBytes: number, first: number, isLast: boolean): void {
  const isRight = isLast ? sizeBytes <= first : sizeBytes === first && isPartSize(sizeBytes)
  if (!isRight) throw new RpcError(400, 'FILE_PART_LENGTH_INVALID')
}

/** The next part is read while one is worked at. */
async function* partsOf({ services }: CallContext, id: UploadId, parts: number): AsyncGenerator<Buffer> {
  let next: Promise<Buffer> | undefined = readPart(services, id, 0)
  for (let part = 1; next !== undefined; part++) {
    const current: Promise<Buffer> = next
    next = part < parts ? readPart(services, id, part) : undefined
    // A failure of the one ahead is met when it is its turn, or never.
    next?.catch(() => undefined)
    yield await current
  }
}

const ID_BYTES = 8
const finishedKey = ({ user, fileId }: UploadId, parts: number) => `upload-done:${user}/${fileId}/${parts}`

/** The document that was made of an upload already: its parts are gone, but a client may repeat what it has asked for. */
export async function finishedDocument(
  { services, user }: CallContext,
  input: TlType<'InputFile'>,
): Promise<bigint | undefined> {
  if (input._ === 'inputFileStoryDocument') return undefined
  const value = await services.cache.get(finishedKey({ user, fileId: input.id }, input.parts))
  return value?.readBigUInt64LE()
}

async function finish(
  { services }: CallContext,
  id: UploadId,
  parts: number,
  documentId: bigint,
): Promise<void> {
  const value = Buffer.alloc(ID_BYTES)
  value.writeBigUInt64LE(documentId)
  await services.cache.set(finishedKey(id, parts), value, UPLOAD_SECONDS)
  await removeParts(services, id, parts)
}
