import { timingSafeEqual } from 'node:crypto'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { Keyring } from '@heliograph/storage'
import type { Services } from '../services.ts'
import { FILE_REFERENCE_SECONDS } from './limits.ts'

/**
 * Access hashes and file references (core.telegram.org/api/file_reference) of documents and photos. Both are HMACs of the
 * deployment for one viewer: worth nothing to anybody else, and checked without a look-up. A reference ends: whoever has
 * kept a document for long has to show that it still sees the message it came with.
 */
const HASH_BYTES = 8
const REFERENCE_VERSION = 1
const EXPIRY_AT = 1
const MAC_AT = 5
const MAC_BYTES = 12
const REFERENCE_BYTES = MAC_AT + MAC_BYTES
const HOUR_SECONDS = 3600

export type StampServices = Pick<Services, 'keyring' | 'nowMs'>

export function fileAccessHash(keyring: Keyring, viewer: number, id: bigint): bigint {
  return keyring.mac('access-hash', `${viewer}|file|${id}`).readBigInt64LE(0)
}

/** @param now Unix seconds */
export function fileReference(keyring: Keyring, viewer: number, id: bigint, now: number): Buffer {
  const hour = Math.floor(now / HOUR_SECONDS) + 1
  return referenceUntil(keyring, viewer, id, hour * HOUR_SECONDS + FILE_REFERENCE_SECONDS)
}

function referenceUntil(keyring: Keyring, viewer: number, id: bigint, expiry: number): Buffer {
  const reference = Buffer.allocUnsafe(REFERENCE_BYTES)
  reference[0] = REFERENCE_VERSION
  reference.writeUInt32LE(expiry, EXPIRY_AT)
  keyring.mac('file-reference', `${viewer}|${id}|${expiry}`).copy(reference, MAC_AT, 0, MAC_BYTES)
  return reference
}

/** How a client names a document or photo. */
export interface NamedFile {
  readonly id: bigint
  readonly accessHash: bigint
  readonly fileReference: Uint8Array
}

/**
 * @param index where the file stands in a list, which the errors then name
 * @throws RpcError 400 FILE_REFERENCE_EMPTY, _EXPIRED, _INVALID; `error` for a wrong access hash
 */
export function checkNamedFile(
  { keyring, nowMs }: StampServices,
  viewer: number,
  file: NamedFile,
  error: string,
  index?: number,
): void {
  const refused = (what: string) =>
    new RpcError(400, index === undefined ? `FILE_REFERENCE_${what}` : `FILE_REFERENCE_${index}_${what}`)
  if (!isAccessHash(keyring, viewer, file)) throw new RpcError(400, error)
  const given = Buffer.from(file.fileReference)
  if (given.length === 0) throw refused('EMPTY')
  if (given.length !== REFERENCE_BYTES || given[0] !== REFERENCE_VERSION) throw refused('INVALID')
  const expiry = given.readUInt32LE(EXPIRY_AT)
  if (!timingSafeEqual(given, referenceUntil(keyring, viewer, file.id, expiry))) throw refused('INVALID')
  if (expiry < nowMs() / 1000) throw refused('EXPIRED')
}

function isAccessHash(keyring: Keyring, viewer: number, { id, accessHash }: NamedFile): boolean {
  const given = Buffer.alloc(HASH_BYTES)
  given.writeBigInt64LE(BigInt.asIntN(64, accessHash))
  const known = Buffer.alloc(HASH_BYTES)
  known.writeBigInt64LE(fileAccessHash(keyring, viewer, id))
  return timingSafeEqual(given, known)
}

/** A document or photo as `viewer` may name it from now on. */
export function stamped<T extends TlType<'Document'> | TlType<'Photo'>>(
  { keyring, nowMs }: StampServices,
  viewer: number,
  value: T,
): T {
  if (value._ !== 'document' && value._ !== 'photo') return value
  const accessHash = fileAccessHash(keyring, viewer, value.id)
  const now = Math.floor(nowMs() / 1000)
  return { ...value, accessHash, fileReference: fileReference(keyring, viewer, value.id, now) }
}

/** Media of a message with its documents and photos `stamped`; what has none is given back as it is. */
export function stampedMedia(
  services: StampServices,
  viewer: number,
  media: TlType<'MessageMedia'>,
): TlType<'MessageMedia'> {
  switch (media._) {
    case 'messageMediaPhoto':
      return media.photo === undefined ? media : stampedPhoto(services, viewer, media)
    case 'messageMediaDocument':
      return stampedDocument(services, viewer, media)
    case 'messageMediaWebPage':
      return stampedPage(services, viewer, media)
    default:
      return media
  }
}

function stampedPhoto(services: StampServices, viewer: number, media: Tl<'messageMediaPhoto'>) {
  const photo = stamped(services, viewer, media.photo!)
  if (media.video === undefined) return { ...media, photo }
  return { ...media, photo, video: stamped(services, viewer, media.video) }
}

function stampedDocument(services: StampServices, viewer: number, media: Tl<'messageMediaDocument'>) {
  const { document, altDocuments, videoCover } = media
  return {
    ...media,
    ...(document && { document: stamped(services, viewer, document) }),
    ...(altDocuments && { altDocuments: altDocuments.map((each) => stamped(services, viewer, each)) }),
    ...(videoCover && { videoCover: stamped(services, viewer, videoCover) }),
  }
}

function stampedPage(services: StampServices, viewer: number, media: Tl<'messageMediaWebPage'>) {
  const { webpage } = media
  if (webpage._ !== 'webPage') return media
  const { photo, document } = webpage
  if (photo === undefined && document === undefined) return media
  return {
    ...media,
    webpage: {
      ...webpage,
      ...(photo && { photo: stamped(services, viewer, photo) }),
      ...(document && { document: stamped(services, viewer, document) }),
    },
  }
}

/** A wallpaper with its picture `stamped`; one without a file as it is. */
export function stampedWallPaper(
  services: StampServices,
  viewer: number,
  wallpaper: TlType<'WallPaper'>,
): TlType<'WallPaper'> {
  if (wallpaper._ !== 'wallPaper') return wallpaper
  return { ...wallpaper, document: stamped(services, viewer, wallpaper.document) }
}

/** A wallpaper as it is kept, without what is of whoever has set it: `stampedWallPaper` makes it a viewer's own. */
export function unstampedWallPaper(wallpaper: TlType<'WallPaper'>): TlType<'WallPaper'> {
  if (wallpaper._ !== 'wallPaper') return wallpaper
  const { document, creator: _, ...plain } = wallpaper
  if (document._ !== 'document') return { ...plain, document }
  return { ...plain, document: { ...document, accessHash: 0n, fileReference: new Uint8Array(0) } }
}

/** Ids of the documents and photos that media refers to: what `MessageExtra.files` says. */
export function filesOfMedia(media: TlType<'MessageMedia'> | undefined): bigint[] {
  const ids: bigint[] = []
  const add = (value: TlType<'Document'> | TlType<'Photo'> | undefined) => {
    if (value !== undefined && !ids.includes(value.id)) ids.push(value.id)
  }
  if (media?._ === 'messageMediaPhoto') {
    add(media.photo)
    add(media.video)
  } else if (media?._ === 'messageMediaDocument') {
    add(media.document)
    add(media.videoCover)
    for (const each of media.altDocuments ?? []) add(each)
  } else if (media?._ === 'messageMediaWebPage' && media.webpage._ === 'webPage') {
    add(media.webpage.photo)
    add(media.webpage.document)
  }
  return ids
}
