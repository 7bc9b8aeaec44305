import { createHash } from 'node:crypto'
import { decodeResult, encodeCall, type Result } from '@heliograph/schemas/tl'
import { LOAD_LAYER } from '../../bench/load/user.ts'
import { failureOf } from '../client/answer.ts'
import type { LoadClient } from '../client/client.ts'
import type { Meter } from '../measure/meter.ts'

/** What one `upload.getFile` asks for: a multiple of 4 KiB that divides 1 MiB (core.telegram.org/api/files#downloading-files). */
const GIVEN_BYTES = 128 * 1024
/** After the loss of a connection. */
const AGAIN_MS = 200

/** Where a file can be had, as the message that brought it says. */
export interface FileLocation {
  readonly id: bigint
  readonly accessHash: bigint
  readonly fileReference: Uint8Array
  readonly sizeBytes: number
}

/** The server refuses a request for good, for the reason that is the message. */
export class Refused extends Error {}
/** The run ends before the transfer. */
export class TransferEnded extends Error {}

/** What transfers are made with. */
export interface TransferPorts {
  readonly meter: Meter
  /** No request is made any more. */
  readonly isOver: () => boolean
}

/** Uploads the parts in order (`upload.saveFilePart`); gives how many there were, and the SHA-256 of all. */
export async function upload(
  client: LoadClient,
  fileId: bigint,
  parts: Iterable<Buffer>,
  ports: TransferPorts,
): Promise<{ readonly count: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let count = 0
  for (const bytes of parts) {
    hash.update(bytes)
    await answerTo(client, { _: 'upload.saveFilePart', fileId, filePart: count++, bytes }, ports)
    ports.meter.uploaded(bytes.length)
  }
  return { count, sha256: hash.digest('hex') }
}

/** Downloads the whole file (`upload.getFile`); gives the SHA-256 of what came. */
export async function download(
  client: LoadClient,
  file: FileLocation,
  ports: TransferPorts,
): Promise<string> {
  const { id, accessHash, fileReference } = file
  const location = { _: 'inputDocumentFileLocation', id, accessHash, fileReference, thumbSize: '' }
  const hash = createHash('sha256')
  for (let offset = 0; offset < file.sizeBytes; offset += GIVEN_BYTES) {
    const answer = await answerTo(
      client,
      { _: 'upload.getFile', location, offset, limit: GIVEN_BYTES },
      ports,
    )
    const part = decodeResult('upload.getFile', answer, LOAD_LAYER) as Result<'upload.getFile'>
    if (part._ !== 'upload.file') throw new Refused(`unexpected ${part._}`)
    hash.update(part.bytes)
    ports.meter.downloaded(part.bytes.length)
  }
  return hash.digest('hex')
}

/** A proper result: the request is repeated over lost connections and after errors that allow it. Rejects with Refused or TransferEnded. */
async function answerTo(client: LoadClient, request: object, ports: TransferPorts): Promise<Buffer> {
  const body = encodeCall(request as never, LOAD_LAYER)
  while (!ports.isOver()) {
    const result = await client.connection.request(body).catch(() => undefined)
    const failure = result && failureOf(result)
    if (result !== undefined && failure === undefined) return result
    if (failure !== undefined) {
      ports.meter.error(failure.kind)
      if (failure.retryAfterMs === undefined) throw new Refused(failure.kind)
    }
    await new Promise((resolve) => setTimeout(resolve, failure?.retryAfterMs ?? AGAIN_MS))
  }
  throw new TransferEnded('the run has ended')
}
