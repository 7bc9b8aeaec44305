import { timingSafeEqual } from 'node:crypto'
import type { Keyring } from '@heliograph/storage'
import { readContent } from '@heliograph/storage'
import type { Services } from '../services.ts'
import { type Extent, findFile, type KnownFile } from './documents.ts'
import { sizeMime } from './location.ts'

/**
 * Links to files over HTTP, for programs that speak no MTProto. A link names a document and one of its sizes, ends at a time
 * and is signed by the deployment: whoever has it may read, and nobody can make one.
 */
const ID_BYTES = 8
const EXPIRY_BYTES = 4
const MAC_BYTES = 16
const SIZE_AT = ID_BYTES + EXPIRY_BYTES
export const FILE_LINK_PREFIX = '/file/'
const MAX_TOKEN_LENGTH = 128

export interface LinkedFile {
  readonly documentId: bigint
  /** Type of the size; empty for the file itself. */
  readonly size: string
  /** Unix seconds. */
  readonly expires: number
}

/** The path of a link. */
export function fileLink(keyring: Keyring, { documentId, size, expires }: LinkedFile): string {
  const named = Buffer.alloc(SIZE_AT + size.length)
  named.writeBigUInt64LE(documentId)
  named.writeUInt32LE(expires, ID_BYTES)
  named.write(size, SIZE_AT, 'latin1')
  return FILE_LINK_PREFIX + Buffer.concat([macOf(keyring, named), named]).toString('base64url')
}

const macOf = (keyring: Keyring, named: Buffer): Buffer =>
  keyring.mac('file-link', named).subarray(0, MAC_BYTES)

/** What a link's token names; undefined for one that nobody has signed, or that has ended. */
export function linkedFile(keyring: Keyring, token: string, now: number): LinkedFile | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined
  const bytes = Buffer.from(token, 'base64url')
  const named = bytes.subarray(MAC_BYTES)
  if (named.length < SIZE_AT || !timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(keyring, named)))
    return undefined
  const expires = named.readUInt32LE(ID_BYTES)
  if (expires < now) return undefined
  return { documentId: named.readBigUInt64LE(), size: named.toString('latin1', SIZE_AT), expires }
}

/** A file that is given over HTTP. */
export interface GivenFile {
  readonly sizeBytes: number
  readonly mimeType: string
  /** Names these very bytes, in quotes (RFC 9110, 8.8.3): what a document is made of never changes. */
  readonly entityTag: string
  /** Bytes of it; rejects where they are gone or damaged. */
  read(start: number, end: number): Promise<Buffer>
}

type LinkServices = Pick<Services, 'keyring' | 'tables' | 'codec' | 'blobs' | 'nowMs' | 'telemetry'>

/** The file behind a token; undefined where there is none. */
export async function openLinkedFile(services: LinkServices, token: string): Promise<GivenFile | undefined> {
  const link = linkedFile(services.keyring, token, services.nowMs() / 1000)
  const file = link && (await findFile(services, link.documentId))
  const extent = link && file && extentOf(file, link.size)
  if (extent === undefined) return undefined
  return {
    sizeBytes: extent.length,
    mimeType: mimeOf(file!, link!.size),
    entityTag: entityTagOf(services.keyring, link!),
    read: (start, end) => readExtent(services, extent, start, end),
  }
}

/** The same for every link to a file, whenever it ends. */
const entityTagOf = (keyring: Keyring, { documentId, size }: LinkedFile): string =>
  `"${keyring.mac('file-link', `tag|${documentId}|${size}`).subarray(0, MAC_BYTES).toString('base64url')}"`

const extentOf = (file: KnownFile, size: string): Extent | undefined =>
  size === '' ? file.main : file.sizes.get(size)

/** Never what a browser would run in this server's name. */
function mimeOf({ value }: KnownFile, size: string): string {
  if (value._ === 'photo' || size !== '') return sizeMime(size)
  return /^(image\/(jpeg|png|webp|gif)|video\/|audio\/)/.test(value.mimeType)
    ? value.mimeType
    : 'application/octet-stream'
}

async function readExtent(
  services: LinkServices,
  extent: Extent,
  start: number,
  end: number,
): Promise<Buffer> {
  const to = Math.min(end, extent.length)
  const bytes = await readContent(services.blobs, extent.blob, extent.start + start, extent.start + to)
  if (bytes === undefined) throw new Error('the blob is gone')
  services.telemetry?.file?.('downloaded', bytes.length)
  return bytes
}
