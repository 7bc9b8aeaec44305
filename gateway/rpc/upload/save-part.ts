import { RpcError } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import { MAX_PART_BYTES, MAX_PARTS, PART_UNIT_BYTES } from './limits.ts'
import { checkPartSize, savePart } from './parts.ts'

/** `upload.saveFilePart`: part of a file whose number of parts is not said before it is sent. */
export const saveFilePart: Handler<'upload.saveFilePart'> = async (call, { services, user }) => {
  checkPart(call.filePart, call.bytes.length)
  await savePart(services, { user, fileId: call.fileId }, call.filePart, call.bytes)
  return true
}

/**
 * `upload.saveBigFilePart`: as `saveFilePart`, for files above 10 MiB and for those that are made while they are sent, whose
 * number of parts is -1 but with the last one.
 */
export const saveBigFilePart: Handler<'upload.saveBigFilePart'> = async (call, { services, user }) => {
  const { fileId, filePart, fileTotalParts: total, bytes } = call
  const id = { user, fileId }
  if (total !== -1 && (total < 1 || total > MAX_PARTS)) throw new RpcError(400, 'FILE_PARTS_INVALID')
  checkPart(filePart, bytes.length)
  if (total !== -1 && filePart >= total) throw new RpcError(400, 'FILE_PART_INVALID')
  if (total === -1 || filePart < total - 1) {
    checkWhole(bytes.length)
    await checkPartSize(services, id, bytes.length)
  }
  await savePart(services, id, filePart, bytes)
  return true
}

function checkPart(part: number, sizeBytes: number): void {
  if (part < 0 || part >= MAX_PARTS) throw new RpcError(400, 'FILE_PART_INVALID')
  if (sizeBytes === 0) throw new RpcError(400, 'FILE_PART_EMPTY')
  if (sizeBytes > MAX_PART_BYTES) throw new RpcError(400, 'FILE_PART_TOO_BIG')
}

/** Every part but the last has a multiple of 1 KiB, of which 512 KiB are a multiple. */
function checkWhole(sizeBytes: number): void {
  if (sizeBytes < PART_UNIT_BYTES) throw new RpcError(400, 'FILE_PART_TOO_SMALL')
  if (!isPartSize(sizeBytes)) throw new RpcError(400, 'FILE_PART_SIZE_INVALID')
}

export const isPartSize = (sizeBytes: number): boolean =>
  sizeBytes % PART_UNIT_BYTES === 0 && MAX_PART_BYTES % sizeBytes === 0
