import { createCipheriv, createDecipheriv } from 'node:crypto'
import { floodWait, RpcError } from '@heliograph/schemas/tl'
import { PARTS_AREA } from '@heliograph/storage'
import { TwoGenerations } from '../directory/two-generations.ts'
import type { Services } from '../services.ts'
import {
  MAX_PART_BYTES,
  MAX_REMEMBERED_UPLOADS,
  MAX_SAVING_BYTES,
  MAX_UPLOADED_BYTES_PER_USER,
  QUOTA_WAIT_SECONDS,
  UPLOAD_SECONDS,
} from './limits.ts'

const IV_BYTES = 16
const SIZE_BYTES = 4
const MAX_STORED_BYTES = MAX_PART_BYTES + IV_BYTES

type PartServices = Pick<Services, 'blobs' | 'cache' | 'keyring' | 'random' | 'telemetry'>

/** A file that is being uploaded: ids of files are chosen by clients, one user's mean nothing to another. */
export interface UploadId {
  readonly user: number
  readonly fileId: bigint
}

interface Upload {
  readonly key: Buffer
  /** Of each part but the last, where clients have said that it is not the last. */
  partBytes: number
}

const nameOf = ({ user, fileId }: UploadId): string => `${user}/${fileId}`
const blobOf = (id: UploadId, part: number): string => `${PARTS_AREA}/${nameOf(id)}/${part}`

const uploadsOf = new WeakMap<Services['blobs'], TwoGenerations<string, Upload>>()

function uploadOf(services: PartServices, id: UploadId): Upload {
  let uploads = uploadsOf.get(services.blobs)
  if (uploads === undefined) {
    uploads = new TwoGenerations(MAX_REMEMBERED_UPLOADS)
    uploadsOf.set(services.blobs, uploads)
  }
  const name = nameOf(id)
  let upload = uploads.get(name)
  if (upload === undefined) {
    upload = { key: services.keyring.mac('content-key', `part ${name}`), partBytes: 0 }
    uploads.set(name, upload)
  }
  return upload
}

const savingOf = new WeakMap<Services['blobs'], { bytes: number }>()

/** Runs `save`, unless so many parts are being saved that their bytes would fill the memory: 420 FLOOD_WAIT_1 then. */
async function withinMemory(
  { blobs }: PartServices,
  bytes: number,
  save: () => Promise<void>,
): Promise<void> {
  const saving = savingOf.get(blobs) ?? { bytes: 0 }
  savingOf.set(blobs, saving)
  if (saving.bytes + bytes > MAX_SAVING_BYTES) throw floodWait(1)
  saving.bytes += bytes
  try {
    await save()
  } finally {
    saving.bytes -= bytes
  }
}

/**
 * Keeps one part of a file, encrypted, until the file is sent or its time is over. The same part again changes nothing.
 * @throws RpcError 420 where the user has uploaded more than its quota, or the gateway is full of parts
 */
export function savePart(
  services: PartServices,
  id: UploadId,
  part: number,
  bytes: Uint8Array,
): Promise<void> {
  return withinMemory(services, bytes.length, () => writePart(services, id, part, bytes))
}

async function writePart(
  services: PartServices,
  id: UploadId,
  part: number,
  bytes: Uint8Array,
): Promise<void> {
  const { key } = uploadOf(services, id)
  services.telemetry?.file?.('uploaded', bytes.length)
  const used = await services.cache.increment(`uploaded:${id.user}`, bytes.length, UPLOAD_SECONDS)
  if (used > MAX_UPLOADED_BYTES_PER_USER) throw floodWait(QUOTA_WAIT_SECONDS)
  const iv = services.random(IV_BYTES)
  const sealed = Buffer.concat([iv, createCipheriv('aes-256-ctr', key, iv).update(bytes)])
  const blob = blobOf(id, part)
  const size = await services.blobs.put(blob, sealed, MAX_STORED_BYTES, { durable: false })
  if (size === sealed.length) return
  // Not a repetition: the client has begun anew under the same id.
  await services.blobs.delete(blob)
  await services.blobs.put(blob, sealed, MAX_STORED_BYTES, { durable: false })
}

/** Wants parts but the last to be of one size, whichever gateway each comes to; 400 FILE_PART_SIZE_CHANGED. */
export async function checkPartSize(services: PartServices, id: UploadId, sizeBytes: number): Promise<void> {
  const upload = uploadOf(services, id)
  if (upload.partBytes === 0) upload.partBytes = await agreedSize(services, id, sizeBytes)
  if (upload.partBytes !== sizeBytes) throw new RpcError(400, 'FILE_PART_SIZE_CHANGED')
}

async function agreedSize({ cache }: PartServices, id: UploadId, sizeBytes: number): Promise<number> {
  const key = `upload:${nameOf(id)}`
  const value = Buffer.allocUnsafe(SIZE_BYTES)
  value.writeInt32LE(sizeBytes)
  if (await cache.add(key, value, UPLOAD_SECONDS)) return sizeBytes
  return (await cache.get(key))?.readInt32LE() ?? sizeBytes
}

/** A part as it was given; 400 FILE_PART_X_MISSING where it was not, or is no more. */
export async function readPart(services: PartServices, id: UploadId, part: number): Promise<Buffer> {
  const sealed = await services.blobs.read(blobOf(id, part), 0, MAX_STORED_BYTES)
  if (sealed === undefined || sealed.length <= IV_BYTES) throw new RpcError(400, `FILE_PART_${part}_MISSING`)
  const iv = sealed.subarray(0, IV_BYTES)
  const decipher = createDecipheriv('aes-256-ctr', uploadOf(services, id).key, iv)
  return decipher.update(sealed.subarray(IV_BYTES))
}

/** Forgets the parts of a file that is finished. */
export async function removeParts(services: PartServices, id: UploadId, parts: number): Promise<void> {
  for (let part = 0; part < parts; part++) await services.blobs.delete(blobOf(id, part))
}
