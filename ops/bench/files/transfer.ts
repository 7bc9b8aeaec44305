import { createHash, randomBytes } from 'node:crypto'
import type { Result } from '@heliograph/schemas/tl'
import { call, type LoadUser } from '../load/user.ts'

export const PART_BYTES = 512 * 1024
export const GIVEN_BYTES = 1024 * 1024
/** Requests of one connection under way. */
const IN_FLIGHT = 4

/** A file as it was sent. */
export interface SentFile {
  readonly location: object
  readonly bytes: number
  readonly sha256: string
}

/** Runs `work` for 0 … count - 1, a few at a time. */
async function each(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, count) }, worker))
}

/** The parts of a file of random bytes; different for each seed. */
export function randomParts(bytes: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes / PART_BYTES) }, (_, part) =>
    randomBytes(Math.min(PART_BYTES, bytes - part * PART_BYTES)),
  )
}

/** Uploads the parts; `onBytes` is told of each that the server has taken. Resolves to the file's id. */
export async function upload(
  { link }: LoadUser,
  parts: readonly Buffer[],
  onBytes: (bytes: number) => void,
): Promise<bigint> {
  const fileId = randomBytes(8).readBigInt64LE()
  await each(parts.length, async (filePart) => {
    const bytes = parts[filePart]!
    const part = { _: 'upload.saveBigFilePart', fileId, filePart, fileTotalParts: parts.length, bytes }
    await call(link, part as never)
    onBytes(bytes.length)
  })
  return fileId
}

/** Sends an uploaded file to oneself, and finds where it can be had. */
export async function sendUploaded(
  user: LoadUser,
  fileId: bigint,
  parts: readonly Buffer[],
): Promise<SentFile> {
  const media = {
    _: 'inputMediaUploadedDocument',
    file: { _: 'inputFileBig', id: fileId, parts: parts.length, name: 'bench.bin' },
    mimeType: 'application/octet-stream',
    attributes: [],
    forceFile: true,
  }
  const peer = { _: 'inputPeerSelf' }
  const randomId = randomBytes(8).readBigInt64LE()
  const request = { _: 'messages.sendMedia', peer, media, message: '', randomId }
  const updates = (await call(user.link, request as never)) as Result<'messages.sendMedia'>
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  return { location: locationIn(updates), bytes, sha256: hash.digest('hex') }
}

function locationIn(updates: Result<'messages.sendMedia'>): object {
  for (const update of updates._ === 'updates' ? updates.updates : []) {
    if (update._ !== 'updateNewMessage' || update.message._ !== 'message') continue
    const { media } = update.message
    if (media?._ !== 'messageMediaDocument' || media.document?._ !== 'document') continue
    const { id, accessHash, fileReference } = media.document
    return { _: 'inputDocumentFileLocation', id, accessHash, fileReference, thumbSize: '' }
  }
  throw new Error('the answer has no document')
}

/** Downloads a file; `onBytes` is told of each part. With `verify` the bytes are compared with what was sent. */
export async function download(
  { link }: LoadUser,
  file: SentFile,
  onBytes: (bytes: number) => void,
  verify = false,
): Promise<void> {
  const parts: Buffer[] = []
  await each(Math.ceil(file.bytes / GIVEN_BYTES), async (part) => {
    const request = {
      _: 'upload.getFile',
      location: file.location,
      offset: part * GIVEN_BYTES,
      limit: GIVEN_BYTES,
    }
    const answer = (await call(link, request as never)) as Result<'upload.getFile'>
    link.acknowledge()
    if (answer._ !== 'upload.file') throw new Error(`unexpected ${answer._}`)
    if (verify) parts[part] = Buffer.from(answer.bytes)
    onBytes(answer.bytes.length)
  })
  if (!verify) return
  const hash = createHash('sha256').update(Buffer.concat(parts)).digest('hex')
  if (hash !== file.sha256) throw new Error('other bytes came than were sent')
}
