import { chatIdOf, type PeerId, type UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { documentHolders } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { inputPeerId } from '../peers.ts'
import { shownPhoto } from '../render/user.ts'
import { locateSetThumb } from '../stickers/thumb.ts'
import { type Extent, findFile, type KnownFile } from './documents.ts'
import { checkNamedFile } from './stamp.ts'

/** Bytes that a client has named. */
export interface Located {
  readonly documentId: bigint
  readonly extent: Extent
  readonly mimeType: string
  /** Unix seconds. */
  readonly date: number
}

const SMALL_PEER_PHOTO = ['a', 's', 'm', 'b', 'c']
const BIG_PEER_PHOTO = ['c', 'd', 'x', 'b', 'y', 'm', 'a']
const AFTER_COLON = ';'

/**
 * The bytes that an `InputFileLocation` names.
 * @throws RpcError 400 LOCATION_INVALID, FILE_ID_INVALID, FILE_REFERENCE_EMPTY, _EXPIRED, _INVALID, PEER_ID_INVALID
 */
export function locateFile(
  context: CallContext,
  location: TlType<'InputFileLocation'>,
): Located | Promise<Located> {
  switch (location._) {
    case 'inputDocumentFileLocation':
    case 'inputPhotoFileLocation':
      return locateNamed(context, location)
    case 'inputPeerPhotoFileLocation':
      return locatePeerPhoto(context, location)
    case 'inputStickerSetThumb':
      return locateSetThumb(context, location)
    default:
      throw new RpcError(400, 'LOCATION_INVALID')
  }
}

function locateNamed(
  { services, user }: CallContext,
  location: Tl<'inputDocumentFileLocation'> | Tl<'inputPhotoFileLocation'>,
): Located | Promise<Located> {
  checkNamedFile(services, user, location, 'FILE_ID_INVALID')
  const isPhoto = location._ === 'inputPhotoFileLocation'
  const found = findFile(services, location.id)
  if (found instanceof Promise) return found.then((file) => sizeOf(file, isPhoto, location.thumbSize))
  return sizeOf(found, isPhoto, location.thumbSize)
}

function sizeOf(file: KnownFile | undefined, isPhoto: boolean, type: string): Located {
  if (file === undefined || (file.value._ === 'photo') !== isPhoto) throw new RpcError(400, 'FILE_ID_INVALID')
  const extent = type === '' ? file.main : file.sizes.get(type)
  if (extent === undefined) throw new RpcError(400, 'LOCATION_INVALID')
  return located(file, extent, type)
}

function located({ value }: KnownFile, extent: Extent, type: string): Located {
  const mimeType = value._ === 'document' && type === '' ? value.mimeType : sizeMime(type)
  return { documentId: value.id, extent, mimeType, date: value.date }
}

/** Of a photo or thumb, by the type of the size: those of videos stand apart (core.telegram.org/api/files#video-types). */
export const sizeMime = (type: string): string => (type === 'u' || type === 'v' ? 'video/mp4' : 'image/jpeg')

/** A photo of a profile or chat: whoever sees the peer may see its photo, as long as it is one of its photos. */
async function locatePeerPhoto(
  context: CallContext,
  { peer, photoId, big }: Tl<'inputPeerPhotoFileLocation'>,
): Promise<Located> {
  const peerId = inputPeerId(peer, context)
  const file = await findFile(context.services, photoId)
  if (file?.value._ !== 'photo' || !(await isPhotoOf(context, photoId, peerId)))
    throw new RpcError(400, 'LOCATION_INVALID')
  for (const type of big === true ? BIG_PEER_PHOTO : SMALL_PEER_PHOTO) {
    const extent = file.sizes.get(type)
    if (extent !== undefined) return located(file, extent, type)
  }
  throw new RpcError(400, 'LOCATION_INVALID')
}

/**
 * What the peer shows now counts as soon as it is shown: the media actor, whose list has the former ones too, hears of it a
 * moment later.
 */
async function isPhotoOf(context: CallContext, photoId: bigint, peerId: PeerId): Promise<boolean> {
  const { services, user } = context
  if ((await shownPhotoIds(context, peerId)).includes(photoId)) return true
  const range =
    peerId > 0
      ? { from: `album:user:${peerId}:`, to: `album:user:${peerId}${AFTER_COLON}`, limit: 1 }
      : { from: `chat:${chatIdOf(user, peerId)}`, to: `chat:${chatIdOf(user, peerId)}`, limit: 1 }
  return (await services.tables.range(documentHolders, { documentId: photoId }, range)).length > 0
}

/** The peer's own photo, and the one that the caller has given it. */
async function shownPhotoIds({ services, user }: CallContext, peerId: PeerId): Promise<bigint[]> {
  if (peerId > 0) {
    const [view] = await services.directory.views(user, [peerId as number as UserId])
    const photos = [view && shownPhoto(view, user), view?.relation.personalPhoto]
    return photos.flatMap((photo) => (photo === undefined ? [] : [photo.id]))
  }
  const { facts } = await services.chats.view(user, chatIdOf(user, peerId))
  return facts?.photo?._ === 'photo' ? [facts.photo.id] : []
}
