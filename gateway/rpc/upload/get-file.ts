import { createHash } from 'node:crypto'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { CONTENT_CHUNK_BYTES, readContent } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { forgetFile } from './documents.ts'
import { flowOf } from './flow.ts'
import { MAX_GIVEN_BYTES, OFFSET_UNIT_BYTES, PRECISE_UNIT_BYTES } from './limits.ts'
import { type Located, locateFile } from './location.ts'

/** `upload.getFile`: a part of a file or of one of its sizes. Nothing is given beyond its end. */
export const getFile: Handler<'upload.getFile'> = async (call, context) => {
  checkRange(call.offset, call.limit, call.precise === true)
  const located = locateFile(context, call.location)
  const file = located instanceof Promise ? await located : located
  const { offset, limit } = call
  checkEnd(offset, limit, file.extent.length)
  const bytes = await flowOf(context.services).run(context.caller, limit, () =>
    bytesOf(context, file, offset, offset + limit),
  )
  return { _: 'upload.file', type: { _: fileTypeOf(file.mimeType) }, mtime: file.date, bytes }
}

/**
 * core.telegram.org/api/files#downloading-files. A precise limit is checked by `checkEnd`, where the file is known.
 * @throws RpcError 400 OFFSET_INVALID, LIMIT_INVALID
 */
export function checkRange(offset: number, limit: number, precise: boolean): void {
  const unit = precise ? PRECISE_UNIT_BYTES : OFFSET_UNIT_BYTES
  if (offset < 0 || offset % unit !== 0) throw new RpcError(400, 'OFFSET_INVALID')
  if (limit <= 0 || limit > MAX_GIVEN_BYTES) throw new RpcError(400, 'LIMIT_INVALID')
  if (precise) return
  if (limit % unit !== 0) throw new RpcError(400, 'LIMIT_INVALID')
  if (MAX_GIVEN_BYTES % limit !== 0) throw new RpcError(400, 'LIMIT_INVALID')
  if (Math.floor(offset / MAX_GIVEN_BYTES) !== Math.floor((offset + limit - 1) / MAX_GIVEN_BYTES))
    throw new RpcError(400, 'LIMIT_INVALID')
}

/**
 * The last of a file's hashes is of a part that need not end at a unit: that part alone may be asked for as it is.
 * @throws RpcError 400 LIMIT_INVALID
 */
export function checkEnd(offset: number, limit: number, fileBytes: number): void {
  if (limit % PRECISE_UNIT_BYTES !== 0 && offset + limit !== fileBytes)
    throw new RpcError(400, 'LIMIT_INVALID')
}

/** Bytes `start` to `end` of what was located, as far as there are; 400 FILE_ID_INVALID where they are gone. */
export async function bytesOf(
  { services }: Pick<CallContext, 'services'>,
  { documentId, extent }: Located,
  start: number,
  end: number,
): Promise<Buffer> {
  const from = extent.start + Math.min(start, extent.length)
  const to = extent.start + Math.min(end, extent.length)
  const bytes = await readContent(services.blobs, extent.blob, from, to)
  services.telemetry?.file?.('downloaded', bytes?.length ?? 0)
  if (bytes !== undefined) return bytes
  forgetFile(services, documentId)
  throw new RpcError(400, 'FILE_ID_INVALID')
}

const FILE_TYPES: Readonly<Record<string, TlType<'storage.FileType'>['_']>> = {
  'image/jpeg': 'storage.fileJpeg',
  'image/gif': 'storage.fileGif',
  'image/png': 'storage.filePng',
  'image/webp': 'storage.fileWebp',
  'application/pdf': 'storage.filePdf',
  'audio/mpeg': 'storage.fileMp3',
  'video/quicktime': 'storage.fileMov',
  'video/mp4': 'storage.fileMp4',
}
export const fileTypeOf = (mime: string) => FILE_TYPES[mime] ?? 'storage.fileUnknown'

/** Hashes in one answer: those of 1 MiB. */
const HASHES = MAX_GIVEN_BYTES / CONTENT_CHUNK_BYTES

/** `upload.getFileHashes`: SHA-256 of each 128 KiB from the one on that holds `offset`. */
export const getFileHashes: Handler<'upload.getFileHashes'> = async (call, context) => {
  const file = await locateFile(context, call.location)
  if (call.offset < 0) throw new RpcError(400, 'OFFSET_INVALID')
  const start = Math.floor(call.offset / CONTENT_CHUNK_BYTES) * CONTENT_CHUNK_BYTES
  const bytes = await bytesOf(context, file, start, start + HASHES * CONTENT_CHUNK_BYTES)
  const hashes: TlType<'FileHash'>[] = []
  for (let at = 0; at < bytes.length; at += CONTENT_CHUNK_BYTES) {
    const part = bytes.subarray(at, at + CONTENT_CHUNK_BYTES)
    const hash = createHash('sha256').update(part).digest()
    hashes.push({ _: 'fileHash', offset: start + at, limit: part.length, hash })
  }
  return hashes
}
